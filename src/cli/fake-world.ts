import { Readable } from 'node:stream'
import type { World } from './world.ts'

/** A world for tests: what is written is kept, signals are sent by hand, and the clock is given. */
export type FakeWorld = World &
  Readonly<{ outs: string[]; errs: string[]; interrupt: () => void; listeners: () => number }>

export function makeFakeWorld(parts: Partial<World> & Readonly<{ typed?: string }> = {}): FakeWorld {
  const outs: string[] = []
  const errs: string[] = []
  const interrupts = new Set<() => void>()
  const keep = (set: Set<() => void>) => (listener: () => void) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  return {
    out: (text) => void outs.push(...text.split('\n')),
    err: (text) => void errs.push(...text.split('\n')),
    draw: () => {},
    screen: () => ({ isTty: false, columns: Infinity, rows: Infinity, hasColour: false }),
    env: {},
    cwd: '/nowhere',
    home: '/nowhere',
    user: 'ada',
    now: () => Date.UTC(2026, 10, 23, 12),
    input: Readable.from([parts.typed ?? '']),
    onInterrupt: keep(interrupts),
    onHangup: keep(new Set()),
    ...parts,
    outs,
    errs,
    interrupt: () => {
      for (const listener of interrupts) listener()
    },
    listeners: () => interrupts.size,
  }
}
