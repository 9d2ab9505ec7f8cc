import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { HostAddress } from '../../remote/remote.ts'
import type { Carried } from '../carry/carried.ts'
import { fetchWords } from '../carry/fetch-words.ts'
import { hostUser, settingsOf } from '../sandbox/furnish.ts'
import { givenPlace, type Sandbox, sandboxArgv, walls } from '../sandbox/sandbox.ts'
import { ourScripts, serviceScripts } from '../sandbox/services.ts'
import { partsOfHost } from '../sandbox/system.ts'
import { jobFiles, type JobOrder, usualLimits } from '../supervisor/order.ts'
import { packTree } from '../tar.ts'
import { wantedIn } from './cache-steps.ts'
import type { JobWorld } from './ci-world.ts'
import { envOf } from './job-env.ts'
import type { Attempt, Laid } from './prepare.ts'

const carrier = join(import.meta.dirname, '..', 'carry', 'main.ts')
const fetcher = join(import.meta.dirname, '..', 'carry', 'fetch.sh')
const patienceMs = 120_000
/** A carrier that is told to stop has this long more than the job: it brings the word to the host, and its answer back. */
const carrierGraceMs = 20_000

/** A job on a build host: its carrier stands where the sandbox stands otherwise. */
export async function orderThere(world: JobWorld, laid: Laid, host: HostAddress): Promise<JobOrder> {
  const { attempt, work, secrets, tell } = laid
  const { spec, folder, startedAt } = attempt
  refuseShared(attempt, host)
  if (spec.network)
    await tell(`this job shares the network of ${host.name}, and reaches what listens on its loopback`)
  const tar = join(work, 'tree.tar')
  await packTree(join(work, 'files'), tar, Number.POSITIVE_INFINITY)
  const { PATH = '', SSH_AUTH_SOCK = '' } = process.env
  return {
    folder,
    argv: [process.execPath, carrier],
    env: { PATH, HOME: homedir(), SSH_AUTH_SOCK },
    ownNetwork: false,
    carried: await carriedOf(world, laid, { host, tar }),
    secrets: Object.values(secrets),
    sinceStartMs: world.now() - startedAt,
    limits: {
      ...usualLimits,
      graceMs: usualLimits.graceMs + carrierGraceMs,
      runMs: spec.limitMs,
      // What the job uses is looked at where it runs.
      memoryBytes: Number.MAX_SAFE_INTEGER,
    },
  }
}

function refuseShared({ spec }: Attempt, { name }: HostAddress): void {
  const [first] = spec.services
  if (first === undefined || !spec.network) return
  throw new TroubleError({
    what: `the job wants ${first} and the network, and would meet others on the loopback of ${name}`,
    where: spec.from,
    now: 'take one of them out, or let the job run on the hub',
  })
}

async function carriedOf(
  world: JobWorld,
  laid: Laid,
  { host, tar }: Readonly<{ host: HostAddress; tar: string }>,
): Promise<Carried> {
  const { attempt, work, secrets } = laid
  const { run, spec, folder, seat } = attempt
  const user = hostUser(host, seat)
  const box = boxOf(attempt, user)
  const mark = `tandem-${randomBytes(16).toString('hex')}`
  const { graceMs, keepFreeBytes } = usualLimits
  const wanted = fetchWords(spec, Object.keys(await wantedIn(folder)))
  return {
    host,
    stateDir: world.stateDir,
    id: `job-${run.id}-${basename(folder).replaceAll('.', '-')}-${randomBytes(4).toString('hex')}`,
    mark,
    argv: sandboxArgv(box, spec.run),
    env: envOf(laid),
    secrets: Object.values(secrets),
    tar,
    given: await textsOf(attempt, user),
    services: spec.services,
    uid: user.kind === 'own' ? null : user.uid,
    limits: { runMs: spec.limitMs, graceMs, keepFreeBytes, memoryBytes: spec.memoryBytes },
    fetch: wanted.length === 0 ? null : [...walls(box), 'sh', `${givenPlace}/fetch.sh`, ...wanted],
    files: join(work, 'files'),
    patienceMs,
    verdict: join(folder, jobFiles.verdict),
  }
}

/** Places are relative to the folder that the job gets there. */
function boxOf({ spec }: Attempt, user: Sandbox['user']): Sandbox {
  const network = spec.network ? 'shared' : 'none'
  const settings = Object.keys(settingsOf({ user, network })).map((from) => ({ from, to: `/etc/${from}` }))
  const scripts = scriptsOf(spec.services).map(({ from, to }) => ({ from: basename(from), to }))
  return {
    work: 'work',
    user,
    network,
    system: partsOfHost(network),
    hidden: [],
    given: [...settings, ...scripts],
    services: spec.services,
  }
}

const scriptsOf = (services: Attempt['spec']['services']): Sandbox['given'] => [
  ...ourScripts('none'),
  { from: fetcher, to: `${givenPlace}/fetch.sh` },
  ...serviceScripts(services),
]

async function textsOf({ spec }: Attempt, user: Sandbox['user']): Promise<Carried['given']> {
  const scripts = scriptsOf(spec.services).map(async ({ from }) => [
    basename(from),
    await readFile(from, 'utf8'),
  ])
  const settings = settingsOf({ user, network: spec.network ? 'shared' : 'none' })
  return { ...settings, ...Object.fromEntries(await Promise.all(scripts)) }
}
