import { isMultiple, periodPattern } from './bound.ts'
import { query } from './check-expectation.ts'
import { finite, object, type Say, text, word } from './check-shape.ts'
import type { Flag } from './flag.ts'
import type { Path } from './mistake.ts'

const period = text('a period, such as 30s, 5m or 1h', periodPattern)

/** What a knob is bound to, looked at alone. */
export const bound = object({
  example: '{"query": "max(p99_ms)", "above": 800, "to": "min", "every": "30s"}',
  required: {
    query,
    to: word(['min', 'max']),
    every: period,
  },
  optional: { above: finite, below: finite, until: finite, by: finite, back: period, pause: period },
})

/** Whether what a knob is bound to goes together with the rest of its flag. */
export function checkBound(flag: Pick<Flag, 'default' | 'knob'>, path: Path, say: Say): void {
  if (flag.knob?.bound === undefined) return
  const { min, max, step } = flag.knob
  const { above, below, until, by } = flag.knob.bound
  if ((above === undefined) === (below === undefined))
    say(path, `it has ${above === undefined ? 'no threshold' : 'two thresholds'}`, "write 'above' or 'below'")
  else if (until !== undefined && isBeyond(until, { above, below }))
    say([...path, 'until'], `${until} is beyond the threshold`, 'write one on the other side of it')
  if (by !== undefined && (by <= 0 || by > max - min))
    say([...path, 'by'], `it is ${by}`, `write more than 0 and at most ${max - min}, the whole range`)
  else if (by !== undefined && step !== undefined && !isMultiple(by, step))
    say([...path, 'by'], `${by} is no number of whole steps`, `write a multiple of ${step}`)
  if (flag.default === null)
    say(path, 'there is no default whose value could be turned', "name a variant in 'default'")
}

type Threshold = Readonly<{ above: number | undefined; below: number | undefined }>

const isBeyond = (value: number, { above, below }: Threshold): boolean =>
  (above !== undefined && value > above) || (below !== undefined && value < below)
