import { type Pattern, PatternTrouble } from './parse.ts'
import type { CharSet } from './set.ts'

/** One instruction; the numbers are places in the program. */
type Step =
  | Readonly<{ type: 'set'; set: CharSet }>
  | Readonly<{ type: 'fork'; to: readonly number[] }>
  | Readonly<{ type: 'anchor'; at: 'start' | 'end' }>
  | Readonly<{ type: 'border'; isBorder: boolean }>
  | Readonly<{ type: 'found' }>

export type Program = readonly Step[]

const stepLimit = 1000

/** A pattern as steps, repeats written out. Throws PatternTrouble when that makes too many. */
export function programOf(pattern: Pattern): Program {
  const steps: Step[] = []
  write(pattern, steps)
  steps.push({ type: 'found' })
  return steps
}

function add(steps: Step[], step: Step): number {
  if (steps.length >= stepLimit)
    throw new PatternTrouble(
      `the pattern has more than ${stepLimit} steps once its repeats are written out`,
      0,
      'repeat less often',
    )
  return steps.push(step) - 1
}

function write(pattern: Pattern, steps: Step[]): void {
  switch (pattern.type) {
    case 'set':
    case 'anchor':
    case 'border':
      add(steps, pattern)
      return
    case 'sequence':
      for (const part of pattern.parts) write(part, steps)
      return
    case 'choice':
      writeChoice(pattern.parts, steps)
      return
    case 'repeat':
      writeRepeat(pattern, steps)
  }
}

/** Forks are written when it is known where they lead. */
function writeChoice(parts: readonly Pattern[], steps: Step[]): void {
  const fork = add(steps, { type: 'fork', to: [] })
  const begins: number[] = []
  const ends: number[] = []
  for (const part of parts) {
    begins.push(steps.length)
    write(part, steps)
    ends.push(add(steps, { type: 'fork', to: [] }))
  }
  steps[fork] = { type: 'fork', to: begins }
  for (const end of ends) steps[end] = { type: 'fork', to: [steps.length] }
}

function writeRepeat({ part, min, max }: Pattern & { type: 'repeat' }, steps: Step[]): void {
  for (let time = 0; time < min; time += 1) write(part, steps)
  if (max === Infinity) {
    const fork = add(steps, { type: 'fork', to: [] })
    write(part, steps)
    add(steps, { type: 'fork', to: [fork] })
    steps[fork] = { type: 'fork', to: [fork + 1, steps.length] }
    return
  }
  const forks: number[] = []
  for (let time = min; time < max; time += 1) {
    forks.push(add(steps, { type: 'fork', to: [] }))
    write(part, steps)
  }
  for (const fork of forks) steps[fork] = { type: 'fork', to: [fork + 1, steps.length] }
}
