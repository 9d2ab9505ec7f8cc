/** Masks secrets in text that arrives in pieces. */
export type Mask = Readonly<{
  /** Takes a piece, gives what is certain by now; what may be the beginning of a secret is held back. */
  push: (text: string) => string
  /** Gives what was held back. The mask can be used again. */
  flush: () => string
}>

/** Shorter values, and shorter lines of a longer one, are too common to be masked: `on`, `1`, `}`. */
const SHORTEST = 4
const SHORTEST_LINE = 6
/** What stands in the place of a secret. */
export const MASKED = '[secret]'

/**
 * A mask for these values: as they are, in base64 at any offset, URL-encoded, JSON-escaped, quoted for the shell,
 * and line by line. Values under 4 characters are not masked.
 */
export function openMask(secrets: readonly string[]): Mask {
  const forms = formsToMask(secrets)
  if (forms.length === 0) return { push: (text) => text, flush: () => '' }
  // What a host has masked stays as it is, though a secret may be the word `secret`.
  const needles = [...forms, MASKED]
  const byFirst = groupByFirst(needles)
  const any = new RegExp(needles.map(literally).join('|'), 'g')
  let held = ''
  return {
    push: (text) => {
      const whole = held + text
      const cut = heldFrom(whole, any, byFirst)
      held = whole.slice(cut)
      return replaceAll(whole.slice(0, cut), any)
    },
    flush: () => {
      const rest = replaceAll(held, any)
      held = ''
      return rest
    },
  }
}

/** The whole text with secrets masked. */
export function maskText(text: string, secrets: readonly string[]): string {
  const mask = openMask(secrets)
  return mask.push(text) + mask.flush()
}

function replaceAll(text: string, any: RegExp): string {
  return text.replaceAll(any, MASKED)
}

/** Where the text begins that may still turn out to be a secret; reading goes as replacing does, left to right. */
function heldFrom(text: string, any: RegExp, byFirst: Needles): number {
  let position = 0
  while (position < text.length) {
    any.lastIndex = position
    const match = any.exec(text)
    const until = match?.index ?? text.length - 1
    for (let at = Math.max(position, text.length - byFirst.longest); at <= until; at += 1)
      if (mayGoOn(text.slice(at), byFirst)) return at
    if (match === null) return text.length
    position = match.index + match[0].length
  }
  return text.length
}

type Needles = Readonly<{ longest: number; of: ReadonlyMap<string, readonly string[]> }>

function groupByFirst(needles: readonly string[]): Needles {
  return {
    longest: Math.max(...needles.map((needle) => needle.length)),
    of: Map.groupBy(needles, (needle) => needle.charAt(0)),
  }
}

function mayGoOn(tail: string, { of }: Needles): boolean {
  const candidates = of.get(tail.charAt(0)) ?? []
  return candidates.some((needle) => needle.length > tail.length && needle.startsWith(tail))
}

/** All that is masked, here and on hosts. Longest first: of two that begin at one place, the longer one is masked. */
export function formsToMask(secrets: readonly string[]): readonly string[] {
  const needles = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue
    const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= SHORTEST_LINE)
    for (const value of [secret, secret.trim(), ...lines, ...lines.map((line) => line.trim())])
      for (const form of formsOf(value)) if (form.length >= SHORTEST) needles.add(form)
  }
  return [...needles].toSorted((a, b) => b.length - a.length)
}

function formsOf(value: string): readonly string[] {
  const percent = encodeURIComponent(value.toWellFormed())
  return [
    ...formsIn(value),
    percent,
    percent.replaceAll('%20', '+'),
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...base64Forms(value),
  ]
}

/** How a value stands in what we send: as it is, JSON-escaped, quoted for the shell. */
export function formsIn(value: string): readonly string[] {
  return [...new Set([value, JSON.stringify(value).slice(1, -1), value.replaceAll("'", `'\\''`)])]
}

/**
 * Base64 groups three bytes, so a value inside a longer text looks different at each of three offsets. The
 * characters that mix in its neighbours are left out.
 */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const forms = [bytes.toString('base64'), bytes.toString('base64url')]
  for (const offset of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const first = Math.ceil((offset * 8) / 6)
    const last = Math.floor(((offset + bytes.length) * 8) / 6)
    const core = text.slice(first, last)
    if (core.length >= SHORTEST_LINE) forms.push(core, core.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
}
