/** The shape of `metrics.statsd` and `metrics.graphite`. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { duration, size } from '../values/vocabulary.ts'
import { list, meaningful, named, object, short, text, whole } from '../values/wanted.ts'

const second = 1000
const day = 86_400_000

const listen = meaningful(
  "an address of this machine, such as '10.0.0.1' or '10.0.0.1:8125'",
  placeOf,
  () => "write '127.0.0.1' for this machine alone, and the address of an inner network for other hosts",
)
const bounds = z.array(z.number(), { error: 'numbers that rise, such as [0.1, 1, 10]' }).refine(isRising, {
  error: 'numbers that rise, from 1 to 100 of them, such as [0.1, 1, 10]',
})
const labelName = {
  of: 'letters, digits and underscores, with no two of them in front',
  pattern: /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/,
}
const name = object(
  {
    match: text("a name as it is sent, such as 'shop.*.orders'", /^[!-~]+$/),
    name: text("a name, such as 'shop_orders' or 'shop_$1'", /^[A-Za-z_$][\w:$]*$/).optional(),
    labels: named(labelName, text("a text, such as '$1'", /^[^\0]*$/), "country: '$1'").optional(),
    buckets: bounds.optional(),
    drop: z.boolean({ error: 'true or false' }).optional(),
  },
  "match: 'shop.*.orders', name: 'shop_orders', labels: { country: '$1' }",
)

const wire = {
  listen: listen.optional(),
  flush: duration(100, 5 * 60 * second, 'from 100ms to 5m').optional(),
  idle: duration(10 * second, 30 * day, 'from 10s to 30d').optional(),
  seriesLimit: whole(1, 1_000_000, 20_000).optional(),
  buffer: size
    .refine((bytes) => bytes <= 2 ** 30, { error: "an amount of memory up to 1G, such as '8M'" })
    .optional(),
  names: list(name, "{ match: 'shop.*.orders', name: 'shop_orders' }").optional(),
}

export const graphite = short('listen', object(wire, "listen: '127.0.0.1:2003'"))
export const statsd = short(
  'listen',
  object(
    {
      ...wire,
      buckets: object(
        { seconds: bounds.optional(), values: bounds.optional() },
        'seconds: [0.1, 1, 10]',
      ).optional(),
    },
    "listen: '127.0.0.1:8125'",
  ),
)

export type ParsedWire = z.output<typeof graphite>
export type ParsedStatsd = z.output<typeof statsd>

function isRising(numbers: readonly number[]): boolean {
  if (numbers.length === 0 || numbers.length > 100) return false
  return numbers.every((number, at) => Number.isFinite(number) && number > (numbers[at - 1] ?? -Infinity))
}

/** `10.0.0.1`, `10.0.0.1:8125`, `::1`, `[::1]:8125`. */
function placeOf(written: string): Readonly<{ address: string; port: number | null }> | null {
  if (isIP(written) !== 0) return { address: written, port: null }
  const [, bracketed, plain, port = ''] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(written) ?? []
  const address = bracketed ?? plain ?? ''
  const isRight = isIP(address) === (bracketed === undefined ? 4 : 6)
  return isRight && Number(port) >= 1 && Number(port) <= 65_535 ? { address, port: Number(port) } : null
}
