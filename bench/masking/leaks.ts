import type { Encoder } from './encoders.ts'

/** Text as a job prints it, with a secret in it. */
export type Sample = Readonly<{ secret: string; before: string; after: string }>

/** So many characters in a row of a secret, in any encoding, are too many. */
const window = 6

/** What of the secret may not be seen when the sample is printed so. */
export function coresOf({ secret, before }: Sample, encoder: Encoder): string {
  if (encoder.isBase64 !== true) return encoder.encode(secret)
  // The characters that are made of the secret alone.
  const offset = Buffer.byteLength(before)
  const bytes = Buffer.byteLength(secret)
  const whole = encoder.encode(`${before}${secret}`).replaceAll(/\s/g, '')
  return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes) * 8) / 6))
}

/** The first piece of the core that is seen in what was kept; null if none is. */
export function leakIn(kept: string, core: string, allowed: string): string | null {
  const around = allowed + withoutBreaks(allowed)
  const text = kept.replaceAll('[secret]', '\u0000')
  for (const [shown, hidden] of [
    [text, core],
    [withoutBreaks(text), withoutBreaks(core)],
  ] as const)
    for (let at = 0; at + window <= hidden.length; at += 1) {
      const piece = hidden.slice(at, at + window)
      if (shown.includes(piece) && !around.includes(piece)) return piece
    }
  return null
}

const withoutBreaks = (text: string): string => text.replaceAll(/\s/g, '')
