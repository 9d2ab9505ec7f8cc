import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statfsSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { thisMachine } from '../../store/holder.ts'
import type { Carried, Verdict } from '../carry/carried.ts'
import { askToEnd, signal } from './descendants.ts'
import { type LogFile, openLogFile } from './log-file.ts'
import { openOwnNetwork, streamsOfNetwork } from './own-network.ts'
import { usesMore } from './memory.ts'
import { type EndReason, type JobEnd, jobFiles, type JobOrder } from './order.ts'

const beatMs = 1_000
const lookMs = 200
/** How much is read in one look: who prints faster waits, and leaves the processor to others. */
const bytesPerLook = 8 * 1024 * 1024
/** After the sandbox has ended nothing holds its output open; should something do, it is not waited for. */
const drainMs = 2_000
const endBytes = 2_048

/** Runs one job to its end and writes down how it ended. False when another supervisor has this folder, or nobody. */
export async function supervise(order: JobOrder): Promise<boolean> {
  const began = performance.now() - order.sinceStartMs
  const nowMs = (): number => performance.now() - began
  if (!takeFolder(order.folder)) return false
  const writeEnd = reserveEnd(order.folder)
  const log = openLogFile(order.folder, { secrets: order.secrets, logBytes: order.limits.logBytes, nowMs })
  const beat = beating(order.folder)
  const { why, code, said } = await runJob(order, log)
  log.close()
  clearInterval(beat)
  writeEnd({ why, code, said, ms: Math.round(nowMs()) })
  return true
}

/** Of all who may think that this job is theirs, one makes this file. */
function takeFolder(folder: string): boolean {
  const machine = thisMachine()
  try {
    const part = join(folder, `${jobFiles.pid}.${process.pid}`)
    writeFileSync(part, `${process.pid} ${machine.startOf(process.pid)} ${machine.boot}\n`, { mode: 0o600 })
    // A link is made whole, or not at all when there is one.
    linkSync(part, join(folder, jobFiles.pid))
    unlinkSync(part)
    return true
  } catch {
    return false
  }
}

function beating(folder: string): NodeJS.Timeout {
  const { uptimeMs } = thisMachine()
  const file = openSync(join(folder, jobFiles.beat), 'w', 0o600)
  const beat = (): void => void writeSync(file, `${uptimeMs()}\n`.padStart(24), 0)
  // The first one takes its place on the disk; the others only write over it.
  beat()
  return setInterval(beat, beatMs)
}

type Ended = Readonly<{ why: EndReason; code: number | null; said: string | null }>

async function runJob(order: JobOrder, log: LogFile): Promise<Ended> {
  const [program = '', ...args] = order.argv
  const { folder, env, ownNetwork, carried } = order
  const streams = ownNetwork ? streamsOfNetwork : []
  const child = spawn(program, args, {
    cwd: folder,
    env,
    stdio: [carried === null ? 'ignore' : 'pipe', 'pipe', 'pipe', ...streams],
  })
  if (carried !== null) tellCarrier(child, carried)
  const network = ownNetwork && child.pid !== undefined ? openOwnNetwork(child) : null
  const leash = openLeash(child, order)
  const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null)
  const printed = outputs.map((stream) => copy(stream, log, leash))
  const ended = Promise.withResolvers<Ended>()
  child.once('error', (thrown) =>
    ended.resolve({ why: 'not started', code: null, said: thrown.message.slice(0, 500) }),
  )
  child.once('exit', (code, killedBy) =>
    ended.resolve({
      ...leash.why(),
      code: code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy]),
    }),
  )
  const how = await ended.promise
  const late = setTimeout(() => outputs.map((stream) => stream.destroy()), drainMs)
  await Promise.all(printed)
  clearTimeout(late)
  leash.end()
  network?.close()
  const said = network?.trouble() ?? null
  if (said !== null) return { why: 'not started', code: null, said }
  return carried === null || how.why !== 'exited' ? how : verdictIn(folder)
}

function tellCarrier(child: ChildProcess, carried: Carried): void {
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(JSON.stringify(carried))
}

/** How a job on a build host ended. A carrier that says nothing was killed. */
function verdictIn(folder: string): Ended {
  try {
    return JSON.parse(readFileSync(join(folder, jobFiles.verdict), 'utf8')) as Verdict
  } catch {
    return { why: 'killed', code: null, said: null }
  }
}

type Leash = Readonly<{
  /** Takes note of so many bytes; false = that is enough for now. */
  note: (bytes: number) => boolean
  /** Called at each look, when there is room again. */
  onLook: (wake: () => void) => void
  why: () => Pick<Ended, 'why' | 'said'>
  end: () => void
}>

/** Looks after a job: its time, the disk, how much it prints, and who wants it to stop. */
function openLeash(child: ChildProcess, { folder, limits, carried }: JobOrder): Leash {
  let why: EndReason = 'exited'
  let printed = 0
  let now = 0
  const wakes: (() => void)[] = []
  const timers: NodeJS.Timeout[] = []
  const stop = (reason: EndReason, graceMs: number): void => {
    if (why !== 'exited' || child.pid === undefined) return
    why = reason
    const { pid } = child
    if (carried !== null) signal(pid, 'SIGTERM')
    else if (graceMs > 0) askToEnd(pid)
    // A sandbox ends with this process, and takes everything in it along; a carrier has to tell its host first.
    timers.push(setTimeout(() => signal(pid, 'SIGKILL'), carried === null ? graceMs : limits.graceMs))
  }
  const look = (): void => {
    now = 0
    if (existsSync(join(folder, jobFiles.stop))) stop('stopped', limits.graceMs)
    if (freeBytes(folder) < limits.keepFreeBytes) stop('disk full', 0)
    if (child.pid !== undefined && usesMore(child.pid, limits.memoryBytes)) stop('out of memory', 0)
    if (printed > limits.printedBytes) stop('flooded', 0)
    for (const wake of wakes) wake()
  }
  timers.push(
    setInterval(look, lookMs),
    setTimeout(() => stop('overdue', limits.graceMs), limits.runMs),
  )
  const killed = (): void => stop('killed', 0)
  process.once('SIGTERM', killed)
  return {
    note: (bytes) => {
      printed += bytes
      now += bytes
      return now < bytesPerLook
    },
    onLook: (wake) => void wakes.push(wake),
    why: () => ({ why, said: null }),
    end: () => {
      for (const timer of timers) clearTimeout(timer)
      process.off('SIGTERM', killed)
    },
  }
}

async function copy(stream: Readable, log: LogFile, leash: Leash): Promise<void> {
  leash.onLook(() => stream.resume())
  stream.on('data', (chunk: Buffer) => {
    log.print(chunk)
    if (!leash.note(chunk.length)) stream.pause()
  })
  await new Promise((resolve) => stream.once('close', resolve))
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/**
 * There or not there, never half: whoever sees it knows that all else is written. Its place on the disk is taken before
 * the job can fill it.
 */
function reserveEnd(folder: string): (end: JobEnd) => void {
  const part = join(folder, `${jobFiles.end}.part`)
  const file = openSync(part, 'w', 0o600)
  writeSync(file, ' '.repeat(endBytes))
  return (end) => {
    writeSync(file, JSON.stringify(end).slice(0, endBytes), 0)
    fsyncSync(file)
    renameSync(part, join(folder, jobFiles.end))
  }
}
