import type { Random } from '../../lab/random.ts'
import { kept } from './log-path.ts'
import { drawLine, secretKinds } from './secrets.ts'

const secretsAtOnce = 20
const mostTold = 10

/** Prints so many lines that hold no secret, half of them something near to one, and counts those that are masked. */
export function countWrong(folder: string, random: Random, lines: number): number {
  let wrong = 0
  const perMask = Math.ceil(lines / 10)
  for (let left = lines; left > 0; left -= perMask) {
    const secrets = Array.from({ length: secretsAtOnce }, () => drawSingle(random))
    // A key that has the first and the last line of all keys.
    const all = [...secrets, secretKinds['key']?.(random) ?? '']
    const printed = Array.from({ length: Math.min(left, perMask) }, (_, nth) =>
      nth % 2 === 0 ? drawLine(random) : nearTo(random.pick(secrets), random),
    )
    const shown = new Set(kept(folder, all, [Buffer.from(`${printed.join('\n')}\n`)]).split('\n'))
    for (const line of printed.filter((one) => !shown.has(one))) {
      wrong += 1
      if (wrong <= mostTold) console.log(`masked wrongly: ${line}`)
    }
  }
  return wrong
}

/** One of a single line: of others, a line may stand for itself. */
function drawSingle(random: Random): string {
  const kind = random.pick(['token', 'short', 'password', 'phrase', 'bytes'])
  return secretKinds[kind]?.(random) ?? ''
}

type Change = (secret: string, random: Random) => string

const changes: readonly Change[] = [
  (secret) => secret.slice(1),
  (secret) => secret.slice(0, -1),
  (secret, random) => {
    const at = random.between(0, secret.length - 1)
    return `${secret.slice(0, at)}${secret[at] === '~' ? '=' : '~'}${secret.slice(at + 1)}`
  },
  (secret) => Array.from(secret).toReversed().join(''),
  (_, random) => secretKinds['token']?.(random) ?? '',
  (_, random) => (secretKinds['key']?.(random) ?? '').split('\n')[random.between(0, 1)] ?? '',
  () => '-----END PRIVATE KEY-----',
  () => '='.repeat(40),
]

const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => JSON.stringify(text),
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`user:${text}`).toString('base64'),
  (text) => Buffer.from(text).toString('hex'),
]

function nearTo(secret: string, random: Random): string {
  const changed = random.pick(changes)(secret, random)
  const text = changed.includes(secret) ? changed.slice(2) : changed
  return `${random.pick(['', 'token=', 'Authorization: Basic '])}${random.pick(encodings)(text.toWellFormed().replaceAll('\n', ''))}`
}
