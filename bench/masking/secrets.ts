import type { Random } from '../../lab/random.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const signs = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~ `
const foreign = 'äöüßéèñçøåλжד中文字😀🔑'

type Draw = (random: Random) => string

const of = (random: Random, from: string, length: number): string => {
  const characters = Array.from(from)
  return Array.from({ length }, () => random.pick(characters)).join('')
}

/** Secrets as teams have them, by what they are. */
export const secretKinds: Readonly<Record<string, Draw>> = {
  token: (random) => `ghp_${of(random, letters, random.between(16, 40))}`,
  short: (random) => of(random, letters, 8),
  password: (random) => `p${of(random, letters + signs.repeat(2), random.between(8, 24))}w`,
  phrase: (random) =>
    Array.from({ length: 4 }, () => of(random, `abcdefghij${foreign}`, random.between(3, 7))).join(' '),
  url: (random) =>
    `postgres://shop:${of(random, letters + signs, 12)}x@db.example.org:5432/shop?ssl=true&a=b`,
  key: (random) => {
    const body = Array.from({ length: random.between(3, 12) }, () => of(random, `${letters}+/`, 64))
    return [
      '-----BEGIN PRIVATE KEY-----',
      ...body,
      `${of(random, letters, 22)}==`,
      '-----END PRIVATE KEY-----',
    ].join('\n')
  },
  json: (random) =>
    JSON.stringify(
      { type: 'service', id: of(random, letters, 12), secret: of(random, letters + signs, 24) },
      null,
      2,
    ),
  bytes: (random) => Buffer.from(of(random, letters + signs, 32)).toString('base64'),
}

const words =
  'test build ok fetch of in ms compile module index pass file warning cache done step line npm run ci'.split(
    ' ',
  )

/** A line as jobs print them. */
export function drawLine(random: Random): string {
  const some = Array.from({ length: random.between(3, 10) }, () => random.pick(words))
  const more = [
    `${random.between(1, 900)}ms`,
    `src/${random.pick(words)}/${random.pick(words)}.ts:${random.between(1, 400)}:${random.between(1, 80)}`,
    of(random, '0123456789abcdef', 40),
    `sha512-${of(random, `${letters}+/`, 86)}==`,
    JSON.stringify({ level: 'info', id: of(random, letters, 10), at: random.between(1, 1_000_000) }),
    `https://registry.npmjs.org/${random.pick(words)}/-/${random.pick(words)}-${random.between(1, 9)}.0.1.tgz`,
    '✔ adds two baskets (1.234ms)',
  ]
  return [...some, random.pick(more)].join(' ')
}
