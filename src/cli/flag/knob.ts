import type { Bound, Flag, Knob } from '../../../sdk/flag/flag.ts'
import { expectationIn } from '../../words/expectation.ts'
import { type Args, usage } from '../args.ts'

/** The knob of a flag with what the options say: its bounds, and what turns it by itself. */
export function knobIn({ knob: before }: Flag, args: Args): Pick<Flag, 'knob'> {
  const bounds = args.text('knob')
  const knob = bounds === null ? before : { ...before, ...boundsIn(bounds) }
  const bound = args.has('unbind') ? undefined : boundIn(before?.bound, args)
  if (knob === undefined) {
    if (bound === undefined) return {}
    throw usage('there is no knob that could be turned', 'say between which numbers: --knob 0..100')
  }
  const { bound: _, ...rest } = knob
  return { knob: { ...rest, ...(bound !== undefined && { bound }) } }
}

function boundsIn(written: string): Pick<Knob, 'min' | 'max'> {
  const [, min, max] = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/.exec(written) ?? []
  if (min === undefined || max === undefined)
    throw usage(`--knob ${written} is no range`, 'write --knob MIN..MAX, such as --knob 0..100')
  return { min: Number(min), max: Number(max) }
}

function boundIn(before: Bound | undefined, args: Args): Bound | undefined {
  const bind = args.text('bind')
  const given = (['to', 'every', 'back', 'pause'] as const).flatMap((name) => {
    const text = args.text(name)
    return text === null ? [] : [[name, text] as const]
  })
  if (bind === null && given.length === 0) return before
  const measure = bind === null ? before : { ...without(before), ...measureIn(bind) }
  if (measure === undefined)
    throw usage(`--${given[0]?.[0]} of what?`, "write --bind 'QUERY > NUMBER' with it")
  const bound = { ...measure, ...Object.fromEntries(given) }
  if (!('to' in bound && 'every' in bound))
    throw usage('which way is it turned, and how often?', 'write --to min or --to max, and --every 30s')
  return bound as Bound
}

/** A new threshold makes what belonged to the old one void. */
function without(bound: Bound | undefined): Partial<Bound> {
  const { above: _above, below: _below, until: _until, ...rest } = bound ?? {}
  return rest
}

/** `QUERY > 800`, taken apart. */
function measureIn(written: string): Pick<Bound, 'query' | 'above' | 'below'> {
  const { query, op, value } = expectationIn(written) ?? {}
  if (query !== undefined && (op === 'above' || op === 'below')) return { query, [op]: value }
  throw usage(
    `--bind ${written} has no threshold`,
    "write --bind 'QUERY > NUMBER', such as --bind 'max(p99_ms) > 800'",
  )
}
