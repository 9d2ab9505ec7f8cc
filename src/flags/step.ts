import { hash } from 'node:crypto'
import { canonical } from '../change/canonical.ts'
import type { Json } from '../change/json.ts'
import type { Step } from '../change/plan.ts'
import type { Flag, Segment } from '../../sdk/flag/flag.ts'

/** A definition, from what it was to what it shall be; `null` is not there. */
export type Move = Readonly<
  | { what: 'flag'; key: string; before: Flag | null; after: Flag | null }
  | { what: 'segment'; key: string; before: Segment | null; after: Segment | null }
>

/**
 * What steps of flips do, and all that is ever done to flags. `set` makes several definitions others, all at once, as
 * long as each is what it was thought to be. `switch` alters `on` and nothing else, whatever else is altered meanwhile.
 */
export type Deed = Readonly<
  | { action: 'set'; environment: string; moves: readonly Move[] }
  | { action: 'switch'; environment: string; flag: string; was: boolean; on: boolean }
>

/** A deed as a step of a plan. */
export function stepOf(id: string, deed: Deed): Step {
  const { action, ...input } = deed
  return { id, action, host: null, input: input as unknown as Json, cannotUndo: null }
}

/** What a step does. The pipeline keeps plans as JSON; what is in there was made by `stepOf`. */
export function deedOf({ action, input }: Step): Deed {
  return { action, ...(input as object) } as Deed
}

/** Names a definition by what is in it: the same text means the same definition, in every environment and for ever. */
export function revOf(definition: Flag | Segment): string {
  return hash('sha256', canonical(definition)).slice(0, 16)
}
