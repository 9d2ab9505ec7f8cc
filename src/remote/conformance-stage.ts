import { randomBytes } from 'node:crypto'
import { Transform } from 'node:stream'
import { dialProcess, type Dial } from './link.ts'
import type { HostAddress, Look, Program, Remote, Run } from './remote.ts'
import { runToEnd } from './run-to-end.ts'

/** A host, and what tests need to know of it. */
export type World = Readonly<{
  host: HostAddress
  /** The folder on the host that holds `runs` and `lease`. */
  root: string
  /** A new remote whose processes are started by `dial`, or as usual. */
  open: (dial?: Dial) => Remote
  close: () => Promise<void>
}>

/** What the tests of one world share. */
export type Stage = Readonly<{
  world: World
  remote: Remote
  start: (script: string, rest?: Partial<Program>) => Run
  run: (script: string, rest?: Partial<Program>) => ReturnType<typeof runToEnd>
}>

/** One thing that every remote must do, and how it is tried. */
export type Case = readonly [claim: string, play: (stage: Stage) => Promise<void>]

/** A program with what a test does not care about filled in. */
export function program(script: string, rest: Partial<Program> = {}): Program {
  return { id: newId(), script, frames: [], lease: null, limitMs: 60_000, secrets: [], ...rest }
}

/** A program that only looks, of which a test says what it leaves. */
export function lookProgram(script: string, rest: Partial<Look> = {}): Look {
  const { lease: _, ...given } = program(script, rest)
  return { ...given, leavesNothing: rest.leavesNothing ?? false }
}

export function newId(): string {
  return `t-${randomBytes(8).toString('hex')}`
}

export function openStage(world: World): Stage {
  const remote = world.open()
  const start: Stage['start'] = (script, rest) => remote.start(world.host, program(script, rest))
  return { world, remote, start, run: (script, rest) => runToEnd(start(script, rest)) }
}

/** Reads lines until one is `wanted`; the rest stays unread. Fails when the run ends without it. */
export async function untilLine(run: Run, wanted: string): Promise<void> {
  const lines = run.lines[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await lines.next()
    if (done === true) throw new Error(`the run ended without the line ${wanted}`)
    if (value === wanted) return
  }
}

type Tap = (bytes: Buffer, before: number) => Buffer

/** Changes what the far end gets to read. */
export function tapped(change: Tap): Dial {
  return (argv, env) => {
    const link = dialProcess(argv, env)
    let before = 0
    const tap = new Transform({
      transform: (bytes: Buffer, _encoding, done) => {
        const changed = change(bytes, before)
        before += bytes.length
        done(null, changed)
      },
    })
    tap.pipe(link.stdin)
    return { ...link, stdin: tap }
  }
}

export function flipAt(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  const byte = copy[at]
  if (byte !== undefined) copy[at] = byte ^ 1
  return copy
}
