import type { HostDrift } from '../../api/wire/wire.ts'
import { type Command, choice, hubOptions } from '../command.ts'
import { withHubAndConfig } from '../hub/reach/connect.ts'
import { lineText } from '../text/plan.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { ago } from '../../words/time.ts'

export const command: Command = {
  usage: ['drift [ROLE | GROUP | HOST …] [--last]'],
  about:
    'Looks at every resource of every host beside its recipe, and says what differs and who probably did it. ' +
    'Ends with 1 when something does. `tandem apply --drift` mends it.',
  options: { last: choice('what was found when the hub looked last, without looking again'), ...hubOptions },
  most: 500,
  run: (args, world) =>
    withHubAndConfig(args, world, async ({ client }) => {
      const { hosts } = args.has('last')
        ? await client.call('GET /api/drift')
        : await client.call('POST /api/drift', { body: { on: args.words } })
      if (args.has('json')) world.out(JSON.stringify({ hosts }))
      else world.out(driftText(hosts, { paint: paintFor(world.screen()), now: world.now() }))
      return hosts.some(hasDrifted) ? 1 : 0
    }),
}

const hasDrifted = ({ findings, away }: HostDrift): boolean => findings.length > 0 || away !== null

type Page = Readonly<{ paint: Paint; now: number }>

export function driftText(hosts: readonly HostDrift[], page: Page): string {
  if (hosts.length === 0) return page.paint.dim('nobody has looked yet: tandem drift')
  return hosts.flatMap((host) => hostLines(host, page)).join('\n')
}

function hostLines(drift: HostDrift, { paint, now }: Page): readonly string[] {
  const { host, away, findings, unmanaged, resources, at } = drift
  const name = paint.bold(tame(host))
  if (away !== null) return [`${paint.bad('✗')} ${name} ${tame(away)}`]
  const more = unmanaged.map((line) => paint.dim(`    not managed: ${tame(line)}`))
  if (findings.length === 0) {
    return [
      `${paint.good('✓')} ${name} is as its recipes say: ${resources} resources, ${ago(at, now)}`,
      ...more,
    ]
  }
  return [
    `${paint.care('~')} ${name} differs in ${findings.length} of ${resources} resources`,
    ...findings.flatMap(({ resource, at: place, cause, lines, evidence }) => [
      `  ${paint.bold(tame(resource))}  ${paint.dim(tame(place))}  ${paint.care(cause)}`,
      ...lines.map((line) => `  ${lineText(line, paint)}`),
      ...evidence.map((line) => paint.dim(`    ${tame(line)}`)),
    ]),
    ...more,
  ]
}
