import type { Step } from '../change/plan.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Frame } from '../remote/remote.ts'
import { deltaTar, manifestOf } from './artifact.ts'
import { type Bench, deaf, partsOf, send, sendQuick, untilAborted } from './bench.ts'
import { artifactDir } from './build.ts'
import type { Deployment } from './deployment.ts'
import { scriptOf, type Wanted } from './host-script.ts'
import { runScript, slotBundle } from './slot-bundle.ts'
import { checkList, deltaOf, type Manifest } from './manifest.ts'

const extraMs = 5 * 60_000
const onceMs = 60 * 60_000

/** What brings the files of a release, made out of one that is there. */
type Files = Readonly<{ list: string; gone: string; delta: Uint8Array }>

/** Files by the release they start from: made once for all hosts that have the same. */
export type FilesByOrigin = Map<string, Promise<Files>>

/** How much of the preparing one program does: all of it, or what comes before and after a migration. */
type Part = 'prepare' | 'files' | 'start'

const preparing: Readonly<Record<Part, Wanted>> = {
  prepare: {
    parts: ['front.sh', 'start.sh', 'files.sh', 'prepare.sh'],
    perl: ['FRONT_PL', 'READY_PL'],
    setsUp: true,
    more: { ALONE: '' },
  },
  files: { parts: ['front.sh', 'files.sh'], perl: ['FRONT_PL'], setsUp: true, more: { ALONE: 'yes' } },
  start: {
    parts: ['front.sh', 'start.sh', 'prepare.sh'],
    perl: ['FRONT_PL', 'READY_PL'],
    setsUp: true,
    more: {},
  },
}
const unpreparing: Wanted = {
  parts: ['front.sh', 'unprepare.sh'],
  perl: ['FRONT_PL'],
  setsUp: false,
  more: {},
}

/** Brings the release to one host and starts it where no traffic goes. */
export const prepare = (bench: Bench, files: FilesByOrigin, step: Step, signal: AbortSignal): Promise<void> =>
  bring(bench, files, step, { part: 'prepare', word: 'ready', signal })

/** Brings the release to one host and starts nothing: a migration comes first. */
export const stage = (bench: Bench, files: FilesByOrigin, step: Step, signal: AbortSignal): Promise<void> =>
  bring(bench, files, step, { part: 'files', word: 'staged', signal })

type Bringing = Readonly<{ part: Part; word: string; signal: AbortSignal }>

async function bring(
  bench: Bench,
  files: FilesByOrigin,
  step: Step,
  { part, word, signal }: Bringing,
): Promise<void> {
  const { world, deployment } = bench
  const parts = partsOf(bench, step)
  const secrets = await world.secrets(deployment)
  const brought = await filesFor(bench, files, parts.wish.base)
  const frames: readonly Frame[] = [
    { name: 'bundle', bytes: await slotBundle(parts, secrets, brought) },
    { name: 'delta', bytes: brought.delta },
  ]
  const sent = send(bench, step, parts, {
    script: scriptOf(parts, preparing[part]),
    frames,
    limitMs: prepareLimitMs(deployment),
    secrets: [...secrets.values()],
    heard: deaf,
  })
  await untilAborted(sent, signal, () => sent.until(word))
}

/** Starts the release whose files are on the host already. */
export async function start(bench: Bench, step: Step, signal: AbortSignal): Promise<void> {
  const parts = partsOf(bench, step)
  const secrets = await bench.world.secrets(bench.deployment)
  const sent = send(bench, step, parts, {
    script: scriptOf(parts, preparing.start),
    frames: [],
    limitMs: prepareLimitMs(bench.deployment),
    secrets: [...secrets.values()],
    heard: deaf,
  })
  await untilAborted(sent, signal, () => sent.until('ready'))
}

const prepareLimitMs = ({ spec }: Deployment): number => (spec.health?.withinMs ?? 0) + spec.drainMs + extraMs

export const unprepare = (bench: Bench, step: Step): Promise<void> =>
  sendQuick(bench, step, unpreparing, 'gone')

/** Runs a command of the app in the new release on one host. */
export async function once(
  bench: Bench,
  step: Step,
  { what, command }: Readonly<{ what: string; command: string }>,
  signal: AbortSignal,
): Promise<void> {
  const parts = partsOf(bench, step)
  const secrets = await bench.world.secrets(bench.deployment)
  const sent = send(bench, step, parts, {
    script: scriptOf(parts, { parts: ['once.sh'], perl: [], setsUp: false, more: { WHAT: what } }),
    frames: [{ name: 'once.run', bytes: Buffer.from(runScript(parts, command)) }],
    limitMs: onceMs,
    secrets: [...secrets.values()],
    heard: deaf,
  })
  await untilAborted(sent, signal, sent.end)
}

function filesFor({ world, deployment }: Bench, files: FilesByOrigin, base: string | null): Promise<Files> {
  const key = base ?? ''
  const known = files.get(key)
  if (known !== undefined) return known
  const made = makeFiles(artifactDir(world.stateDir), deployment, base)
  files.set(key, made)
  return made
}

async function makeFiles(dir: string, deployment: Deployment, base: string | null): Promise<Files> {
  const want = await manifestHere(dir, deployment.release)
  const have = base === null ? [] : await manifestHere(dir, base)
  const delta = deltaOf(have, want)
  return {
    list: checkList(want, [...deployment.spec.shared, ...deployment.spec.links]),
    gone: delta.gone.map((path) => `${path}\0`).join(''),
    delta: await deltaTar(dir, deployment.release, delta),
  }
}

async function manifestHere(dir: string, release: string): Promise<Manifest> {
  const found = await manifestOf(dir, release)
  if (found !== null) return found
  throw new TroubleError({
    what: `the artifact of release ${release.slice(0, 7)} is not on the hub any more`,
    where: dir,
    now: 'deploy its commit again: it will be built anew',
  })
}
