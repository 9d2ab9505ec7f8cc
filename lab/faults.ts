import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from './random.ts'
import type { Random } from './random.ts'

const MAX_SEED = 2 ** 32
const FREEZE_ROUNDS = 10

/** Something that goes wrong: `name` is said aloud, `strike` makes it happen. */
export type Fault = Readonly<{ name: string; strike: () => void | Promise<void> }>

/**
 * The random source of a fault test. The seed is TANDEM_SEED or a new one, and is said, so that a failure can be
 * played again.
 */
export function faultSeed(say: (line: string) => void): Random {
  const given = process.env['TANDEM_SEED']
  const seed = given === undefined ? Math.floor(Math.random() * MAX_SEED) : Number(given)
  if (!Number.isInteger(seed)) throw new Error(`TANDEM_SEED is ${given}; it must be a whole number`)
  say(`faults are drawn from seed ${seed}; play them again with TANDEM_SEED=${seed}`)
  return seeded(seed)
}

/** A moment within a span that is expected to last this long, in milliseconds from its beginning. */
export function chooseMoment(random: Random, spanMs: number): number {
  return random.next() * spanMs
}

/** Waits for a chosen moment, draws one of the faults, says it and makes it happen. Returns what happened. */
export async function strikeAtRandom(
  random: Random,
  faults: readonly Fault[],
  spanMs: number,
  say: (line: string) => void,
): Promise<Readonly<{ name: string; afterMs: number }>> {
  const afterMs = chooseMoment(random, spanMs)
  const fault = random.pick(faults)
  await sleep(afterMs)
  say(`fault: ${fault.name} after ${afterMs.toFixed(0)} ms`)
  await fault.strike()
  return { name: fault.name, afterMs }
}

/** Kills a process and all its descendants with -9; returns how many. None gets to act on another's death. */
export function killTree(pid: number): number {
  const frozen = freezeTree(pid)
  for (const each of frozen) signalQuietly(each, 'SIGKILL')
  return frozen.length
}

// Stopped first, from the root down, until a look finds nobody new: a process that is stopped cannot fork away.
function freezeTree(pid: number): readonly number[] {
  const frozen = new Set<number>()
  for (let round = 0; round < FREEZE_ROUNDS; round += 1) {
    const fresh = descendants(pid).filter((each) => !frozen.has(each))
    if (fresh.length === 0) break
    for (const each of fresh) {
      signalQuietly(each, 'SIGSTOP')
      frozen.add(each)
    }
  }
  return [...frozen]
}

function descendants(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(file)) return []
  const children = readChildren(pid)
  return [pid, ...children.flatMap(descendants)]
}

// Children belong to the thread that made them, and Node makes some from threads of its own.
function readChildren(pid: number): readonly number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    return tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // It ended while we looked, and its children now belong to somebody else.
    return []
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}
