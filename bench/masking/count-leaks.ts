import type { Random } from '../../lab/random.ts'
import { type Encoder, encodersFor } from './encoders.ts'
import { coresOf, leakIn, type Sample } from './leaks.ts'
import { kept } from './log-path.ts'
import { drawLine, secretKinds } from './secrets.ts'

/** Prints so many samples, each by the next encoder and cut in its own way, and counts those of which something is seen. */
export function countLeaks(folder: string, random: Random, count: number): number {
  const kinds = Object.keys(secretKinds)
  const samples = Array.from({ length: count }, (_, nth) =>
    drawSample(random, kinds[nth % kinds.length] ?? ''),
  )
  const encoders = encodersFor(
    samples.flatMap((one) => [textOf(one), `${one.before}${one.secret}`, one.secret]),
  )
  let leaks = 0
  for (const [nth, sample] of samples.entries()) {
    // As many kinds as encoders would always meet the same: each round of the kinds begins one encoder later.
    const encoder = encoders[(nth + Math.floor(nth / kinds.length)) % encoders.length]
    if (encoder === undefined) throw new Error('there is no encoder')
    const found = leakOf(folder, random, { sample, encoder })
    if (found === null) continue
    leaks += 1
    console.log(`leak of a ${kinds[nth % kinds.length]} by ${encoder.name}: ${found}`)
  }
  return leaks
}

const textOf = ({ before, secret, after }: Sample): string => `${before}${secret}${after}`

function drawSample(random: Random, kind: string): Sample {
  const secret = secretKinds[kind]?.(random) ?? ''
  const word = (): string => 'user login at the door of main '.slice(0, random.between(0, 30))
  return { secret, before: word(), after: word() }
}

function leakOf(
  folder: string,
  random: Random,
  { sample, encoder }: Readonly<{ sample: Sample; encoder: Encoder }>,
): string | null {
  const lines = [drawLine(random), drawLine(random)]
  const printed = Buffer.from(lines.join(`\n${encoder.encode(textOf(sample))}\n`))
  const core = coresOf(sample, encoder)
  const around = [...lines, encoder.encode(sample.before), encoder.encode(sample.after)].join('\n')
  // Printed at all, or a check that finds nothing would say nothing.
  if (!printed.toString().replaceAll(/\s/g, '').includes(core.replaceAll(/\s/g, '')))
    throw new Error(
      `${encoder.name} does not print ${JSON.stringify(core)} in ${JSON.stringify(printed.toString())}`,
    )
  const ways = [Array.from(printed, (byte) => Uint8Array.of(byte)), cutAtRandom(printed, random), [printed]]
  for (const pieces of ways) {
    const leak = leakIn(kept(folder, [sample.secret], pieces), core, around)
    if (leak !== null) return leak
  }
  return null
}

function cutAtRandom(bytes: Buffer, random: Random): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let from = 0; from < bytes.length;) {
    const to = from + random.between(1, 24)
    pieces.push(bytes.subarray(from, to))
    from = to
  }
  return pieces
}
