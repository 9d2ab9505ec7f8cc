import type { z } from 'zod'
import { object, text, whole } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { fileThing, neededPackage, plain, rootsOwn, unitThing } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { network } from './firewall-rules.ts'
import { oneLine, oneOrMore, options } from './words.ts'

const shape = options(
  {
    maxConnections: whole(100, 10_000_000, 20_000).optional(),
    metrics: object(
      { port: whole(1, 65_535, 9101), from: oneOrMore(network, "'10.0.0.0/8'").optional() },
      "port: 9101, from: '10.0.0.0/8'",
    ).optional(),
    global: oneOrMore(oneLine, "'tune.bufsize 32768'").optional(),
  },
  'maxConnections: 20000',
)

type Options = z.output<typeof shape>

const front = '/var/lib/tandem/front'

// This part alone may listen nowhere: HAProxy calls that right, yet ends with 2. What is wrong ends with 1.
const check = ['sh', '-c', 'haproxy -c -q -f "$0" || [ "$?" -eq 2 ]', '%']

/**
 * HAProxy as deploys want it, before the first of them: installed, with Debian's own unit out of the way. What a deploy
 * writes (its unit, its sockets, the parts of the apps) is left to it; the settings of the host stand in a part of their
 * own, which HAProxy reads after the deploy's global part and before those of the apps.
 */
export const haproxyFront: ResourceSort<Options> = {
  type: 'haproxyFront',
  name: text("a few words, such as 'front'", /^[^\p{Cc}\p{Co}]{1,100}$/u),
  options: shape,
  lower({ id, options: written }) {
    const folder = { type: 'directory', ...rootsOwn } as const
    return Promise.resolve([
      neededPackage('haproxy', id),
      unitThing('haproxy.service', { running: false, enabled: false }),
      pathThing(front, folder),
      pathThing(`${front}/conf`, folder),
      fileThing({
        path: `${front}/conf/01-host.cfg`,
        content: plain(partOf(written)),
        check,
        owes: [{ type: 'reload', unit: 'tandem-front.service' }],
      }),
    ])
  },
}

function partOf({ maxConnections, metrics, global = [] }: Options): string {
  const limit = maxConnections === undefined ? [] : [`maxconn ${maxConnections}`]
  const lines = [...limit, ...global].map((line) => `  ${line}\n`).join('')
  return `# Written by tandem from a recipe.\nglobal\n${lines}${metrics === undefined ? '' : metricsPart(metrics)}`
}

/** Whole in itself, so that it is right before a deploy has written the defaults. */
function metricsPart({ port, from = [] }: NonNullable<Options['metrics']>): string {
  const only = from.length === 0 ? '' : `  http-request deny unless { src ${from.join(' ')} }\n`
  return `
frontend tandem-metrics-for-others
  mode http
  timeout client 10s
  timeout http-request 10s
  bind :${port}
${only}  http-request use-service prometheus-exporter if { path /metrics }
`
}
