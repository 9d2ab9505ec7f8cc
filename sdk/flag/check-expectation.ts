import { finite, list, object, text, word } from './check-shape.ts'
import { numberOperators } from './flag.ts'

/** Whether it can be read as one is for the hub to say, which answers it. */
export const query = text('a query in PromQL that answers with one number', /^[^]{1,1000}$/)

/** What is watched in rollouts, looked at alone. */
export const expectations = list(
  object({
    example: '{"query": "sum(rate(errors[5m]))", "op": "below", "value": 0.5}',
    required: { query, op: word(numberOperators), value: finite },
  }),
  { most: 20 },
)
