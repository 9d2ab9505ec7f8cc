import { z } from 'zod'
import type { FlipWish } from '../api/wire/flags.ts'
import type { Json } from '../change/json.ts'
import { TroubleError } from '../change/trouble.ts'
import { type Condition, type Flag, numberOperators, type Segment } from '../../sdk/flag/flag.ts'

const key = z.string().min(1).max(200)
const environment = z.string().min(1).max(64)
const base = z.string().max(64).nullable().optional()

// What a definition may be is the sdk's to say: it is checked, with where and why, beside what is there already.
const flag = z.custom<Flag>((found) => typeof found === 'object' && found !== null)
const segment = z.custom<Segment>((found) => typeof found === 'object' && found !== null)
const condition = z.custom<Condition>((found) => typeof found === 'object' && found !== null)

const expectations = z
  .array(
    z.strictObject({ query: z.string().min(1).max(1000), op: z.enum(numberOperators), value: z.number() }),
  )
  .max(20)

const wishSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('write'),
    environment,
    items: z
      .array(
        z.union([
          z.strictObject({ flag: key, to: flag.nullable(), base }),
          z.strictObject({ segment: key, to: segment.nullable(), base }),
        ]),
      )
      .min(1)
      .max(20_000),
  }),
  z.strictObject({ do: z.literal('switch'), environment, flag: key, on: z.boolean() }),
  z.strictObject({
    do: z.literal('roll'),
    environment,
    flag: key,
    serve: z.string().min(1).max(100),
    stages: z
      .array(
        z.strictObject({
          percent: z.number().gt(0).max(100),
          holdMs: z
            .int()
            .min(0)
            .max(30 * 86_400_000),
        }),
      )
      .min(1)
      .max(50),
    rule: z.string().max(64).optional(),
    when: condition.optional(),
    watch: expectations.optional(),
  }),
  z.strictObject({ do: z.literal('undo'), change: z.string().regex(/^c\d{1,12}$/) }),
])

/** A wish as it came in, or as it lies in the ledger. Throws a TroubleError for what is none. */
export function readWish(wish: Json): FlipWish {
  const read = wishSchema.safeParse(wish)
  if (read.success) return read.data as FlipWish
  const [issue] = read.error.issues
  throw new TroubleError({
    what: `this is no wish for flags: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd(),
    now: 'say what to do: write, switch, roll or undo',
  })
}
