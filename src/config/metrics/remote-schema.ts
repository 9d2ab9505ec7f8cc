/** The shape of `metrics.remote`. */
import { z } from 'zod'
import { size, variableWord } from '../values/vocabulary.ts'
import { meaningful, named, object, text } from '../values/wanted.ts'

const mebibyte = 2 ** 20
const secretName = text("the name of a secret, such as 'MIMIR_TOKEN'", variableWord.pattern)
const labelName = {
  of: 'letters, digits and underscores, with no two of them in front',
  pattern: /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/,
}

const write = meaningful(
  "an address, such as 'https://mimir.example.org/api/v1/push'",
  addressOf,
  () => 'leave passwords out of it: auth names a secret',
)
const read = meaningful(
  "an address, such as 'https://mimir.example.org/prometheus'",
  (said) =>
    addressOf(said)
      ?.replace(/\/+$/, '')
      .replace(/\/api\/v1$/, '') ?? null,
  () => 'leave passwords out of it: auth names a secret',
)

export const remote = object(
  {
    write: write.optional(),
    read: read.optional(),
    auth: z
      .union(
        [
          object({ bearer: secretName }, "bearer: 'MIMIR_TOKEN'"),
          object(
            { user: text("a user, such as 'tandem'", /^[^:\0\n]+$/), password: secretName },
            "user: 'tandem', password: 'MIMIR_PASSWORD'",
          ),
        ],
        {
          error:
            "how to be let in, such as { bearer: 'MIMIR_TOKEN' } or { user: 'tandem', password: 'MIMIR_PASSWORD' }",
        },
      )
      .optional(),
    labels: named(labelName, text('a text', /^[^\0]+$/), "cluster: 'paris'").optional(),
    queue: size
      .refine((bytes) => bytes >= mebibyte, { error: "an amount of at least 1M, such as '1G'" })
      .optional(),
  },
  "write: 'https://mimir.example.org/api/v1/push'",
)

export type ParsedRemote = z.output<typeof remote>

function addressOf(written: string): string | null {
  const read = URL.parse(written)
  if (read === null || !/^https?:$/.test(read.protocol)) return null
  return read.username !== '' || read.password !== '' || read.hash !== '' ? null : read.href
}
