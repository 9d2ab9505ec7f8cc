import type { Step } from '../../change/plan.ts'
import type { Json } from '../../change/json.ts'
import type { Frame } from '../../remote/remote.ts'
import { type Bench, deaf, hostOf, partsOf, send, sendQuick, untilAborted } from './bench.ts'
import type { Deployment } from '../deployment.ts'
import { type FilesByOrigin, filesFor, foundOn } from './files.ts'
import { countInto, type Held, holdLimitMs, holdOn, letGo } from './held.ts'
import { digest } from '../program/host-front.ts'
import type { HostParts } from '../program/host-parts.ts'
import { scriptOf, type Wanted } from '../program/host-script.ts'
import { runScript, slotBundle, standingPrograms } from '../program/slot-bundle.ts'
import { switching, watchOf } from './switch-step.ts'

const extraMs = 5 * 60_000
const onceMs = 60 * 60_000

/** How much of the preparing one program does: all of it, or what comes before and after a migration. */
type Part = 'prepare' | 'files' | 'start'

const preparing: Readonly<Record<Part, Wanted>> = {
  prepare: {
    parts: ['front.sh', 'start.sh', 'check.sh', 'files.sh', 'prepare.sh'],
    perl: ['FRONT_PL', 'READY_PL', 'TREE_PL'],
    setsUp: true,
    more: { ALONE: '' },
  },
  files: {
    parts: ['front.sh', 'check.sh', 'files.sh'],
    perl: ['FRONT_PL', 'TREE_PL'],
    setsUp: true,
    more: { ALONE: 'yes' },
  },
  start: {
    parts: ['front.sh', 'start.sh', 'prepare.sh'],
    perl: ['FRONT_PL', 'READY_PL'],
    setsUp: true,
    more: {},
  },
}

/** The same program stays and waits for the switch, which saves a session; not where a hook has its turn before. */
function staying(wanted: Wanted): Wanted {
  const then = switching('wait')
  const parts = [...wanted.parts, ...then.parts.filter((part) => !wanted.parts.includes(part))]
  const perl = [...wanted.perl, ...then.perl.filter((name) => !wanted.perl.includes(name))]
  return { parts, perl, setsUp: wanted.setsUp, more: { ...wanted.more, ...then.more } }
}

/** Names the programs that stay on the host, so that it sees whether it has them. */
function withWords(parts: HostParts, wanted: Wanted): Wanted {
  const hash = digest(JSON.stringify(standingPrograms(parts)))
  return { ...wanted, more: { ...wanted.more, WORDS_HASH: hash } }
}

const hasHookBefore = ({ work }: Bench): boolean =>
  work.plan.stages.some(({ steps }) => steps.some(({ action }) => action === 'before'))

const unpreparing: Wanted = {
  parts: ['front.sh', 'unprepare.sh'],
  perl: ['FRONT_PL'],
  setsUp: false,
  more: {},
}

/** What the steps of one deploy share in memory; what a crash forgets of it costs a session more, and nothing else. */
export type Hand = Readonly<{ held: Held; files: FilesByOrigin }>

/** Brings the release to one host and starts it where no traffic goes. */
export async function prepare(bench: Bench, hand: Hand, step: Step, signal: AbortSignal): Promise<Json> {
  const parts = partsOf(bench, step)
  const frames = await framesOf(bench, hand, parts)
  const told = await runReady(bench, hand, step, { parts, part: 'prepare', frames, signal })
  return foundOn(hostOf(step), bench.deployment, told)
}

/** Starts the release whose files are on the host already. */
export async function start(bench: Bench, hand: Hand, step: Step, signal: AbortSignal): Promise<void> {
  await runReady(bench, hand, step, { parts: partsOf(bench, step), part: 'start', frames: [], signal })
}

/** Brings the release to one host and starts nothing: a migration comes first. */
export async function bringFiles(bench: Bench, hand: Hand, step: Step, signal: AbortSignal): Promise<Json> {
  const parts = partsOf(bench, step)
  const sent = send(bench, step, parts, {
    script: scriptOf(parts, withWords(parts, preparing.files)),
    frames: await framesOf(bench, hand, parts),
    limitMs: prepareLimitMs(bench.deployment),
    secrets: await secretValues(bench),
    heard: deaf,
  })
  await untilAborted(sent, signal, () => sent.until('staged'))
  return foundOn(hostOf(step), bench.deployment, sent.told)
}

type Preparing = Readonly<{ parts: HostParts; part: Part; frames: readonly Frame[]; signal: AbortSignal }>

/** What the program has told until its processes were ready. */
async function runReady(
  bench: Bench,
  { held }: Hand,
  step: Step,
  how: Preparing,
): Promise<readonly string[]> {
  const { parts, part, frames, signal } = how
  const watch = watchOf(bench, parts)
  const stays = !hasHookBefore(bench)
  const sent = send(bench, step, parts, {
    script: scriptOf(parts, withWords(parts, stays ? staying(preparing[part]) : preparing[part])),
    frames,
    limitMs: prepareLimitMs(bench.deployment) + (stays ? holdLimitMs(bench.deployment) : 0),
    secrets: await secretValues(bench),
    heard: countInto(watch),
  })
  await untilAborted(sent, signal, () => sent.until('ready'))
  if (stays) holdOn(held.waiting, sent, watch)
  return sent.told
}

async function framesOf(bench: Bench, { files }: Hand, parts: HostParts): Promise<readonly Frame[]> {
  const brought = await filesFor(bench.world, bench.deployment, files, parts.wish.base)
  const secrets = await bench.world.secrets(bench.deployment)
  return [
    { name: 'bundle', bytes: await slotBundle(parts, secrets, brought) },
    { name: 'delta', bytes: brought.delta },
  ]
}

const secretValues = async ({ world, deployment }: Bench): Promise<readonly string[]> => [
  ...(await world.secrets(deployment)).values(),
]

const prepareLimitMs = ({ spec }: Deployment): number => (spec.health?.withinMs ?? 0) + spec.drainMs + extraMs

/** Takes back what was prepared on one host; a program that waits there goes first, for it has the lease. */
export async function unprepare(bench: Bench, { held }: Hand, step: Step): Promise<void> {
  const waiting = letGo(held.waiting, hostOf(step))
  if (waiting !== null) {
    waiting.talk.say('back')
    // However it ends, what it leaves behind is cleared by the next.
    await waiting.talk.end().catch(() => {})
  }
  await sendQuick(bench, step, unpreparing, 'gone')
}

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
