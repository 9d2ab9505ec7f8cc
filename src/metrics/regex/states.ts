import { holds, type Program } from './program.ts'

/** What can be reached after some characters. `next` is by ASCII character, `others` by the rest. */
type State = {
  readonly steps: readonly number[]
  readonly isAccepting: boolean
  readonly next: (State | undefined)[]
  readonly others: Map<number, State>
}

/** So many states are kept; then they are worked out anew, which bounds the memory of odd expressions. */
const stateLimit = 2000

/** Whether the expression can be run by states: it looks at nothing but the next character and the ends of the text. */
export function hasStates({ steps }: Program): boolean {
  return steps.every((step) => step.type !== 'place' || step.at === 'text start' || step.at === 'text end')
}

/**
 * Matches whole texts by states that are worked out when they are first met: one look into a table for each character.
 */
export function statesOf(program: Program): (text: string) => boolean {
  const machine = new Machine(program)
  return (text) => machine.matches(text)
}

class Machine {
  readonly #program: Program
  readonly #known = new Map<string, State>()
  readonly #start: State
  readonly #dead: State

  constructor(program: Program) {
    this.#program = program
    this.#dead = this.#state([])
    this.#start = this.#state(this.#reach([0], { atStart: true, atEnd: false }), true)
  }

  matches(text: string): boolean {
    let state = this.#start
    for (let index = 0; index < text.length; index += 1) {
      let point = text.charCodeAt(index)
      if (point < 128) {
        state = state.next[point] ?? this.#advance(state, point)
      } else {
        point = text.codePointAt(index) ?? 0
        if (point > 0xffff) index += 1
        state = state.others.get(point) ?? this.#advance(state, point)
      }
      if (state === this.#dead) return false
    }
    return state.isAccepting
  }

  #advance(from: State, point: number): State {
    const moved = from.steps.flatMap((step) => {
      const at = this.#program.steps[step]
      return at?.type === 'set' && holds(at.set, point) ? [step + 1] : []
    })
    const to =
      moved.length === 0 ? this.#dead : this.#state(this.#reach(moved, { atStart: false, atEnd: false }))
    if (point < 128) from.next[point] = to
    else from.others.set(point, to)
    return to
  }

  #state(steps: readonly number[], atStart = false): State {
    const key = `${atStart}${steps.join()}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= stateLimit) this.#forget()
    const ends = this.#reach(steps, { atStart, atEnd: true })
    const isAccepting = ends.some((step) => this.#program.steps[step]?.type === 'found')
    const state: State = { steps, isAccepting, next: [], others: new Map() }
    this.#known.set(key, state)
    return state
  }

  #forget(): void {
    for (const state of this.#known.values()) {
      state.next.length = 0
      state.others.clear()
    }
    this.#known.clear()
  }

  /** The steps that wait for a character, for the end of the text, or are the end; rising, each once. */
  #reach(from: readonly number[], where: Readonly<{ atStart: boolean; atEnd: boolean }>): readonly number[] {
    const seen = new Set<number>()
    const pending = [...from]
    const reached: number[] = []
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      if (seen.has(step)) continue
      seen.add(step)
      const at = this.#program.steps[step]
      if (at === undefined) continue
      if (at.type === 'set' || at.type === 'found') reached.push(step)
      else if (at.type === 'fork') pending.push(...at.to)
      else if (at.type === 'mark') pending.push(step + 1)
      else if (at.at === 'text end' && !where.atEnd) reached.push(step)
      else if (at.at === 'text end' || where.atStart) pending.push(step + 1)
    }
    return reached.toSorted((a, b) => a - b)
  }
}
