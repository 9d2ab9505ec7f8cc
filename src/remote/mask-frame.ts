import { valuesOf } from '../mask/values.ts'
import type { Frame, Program } from './remote.ts'

/** Bytes of one program that are searched for secrets, smallest frames first. */
const SEARCH_LIMIT = 64 * 1024 * 1024

/**
 * What the host needs to mask the output of a program before it is written down: each form after its length, the
 * longest first; `null` where there is nothing to mask. A host is told no secret that the program does not bring it.
 */
export function maskFrame(program: Pick<Program, 'script' | 'frames' | 'secrets'>): Frame | null {
  const forms = formsToMask(carriedBy(program))
  if (forms.length === 0) return null
  const parts = forms.flatMap((form) => {
    const bytes = Buffer.from(form)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return [length, bytes]
  })
  return { name: '.mask', bytes: Buffer.concat(parts) }
}

function carriedBy({ script, frames, secrets }: Parameters<typeof maskFrame>[0]): readonly string[] {
  if (secrets.length === 0) return []
  const searched = [Buffer.from(script), ...frames.map(({ bytes }) => viewOf(bytes))]
  searched.sort((one, other) => one.length - other.length)
  let room = SEARCH_LIMIT
  const within = searched.filter((bytes) => (room -= bytes.length) >= 0)
  return secrets.filter((secret) =>
    formsIn(secret).some((form) => within.some((bytes) => bytes.includes(form))),
  )
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/**
 * What is masked on hosts: the most usual spellings of each value. All others are masked here, when the text arrives.
 * Longest first: of two that begin at one place, the longer one is masked.
 */
function formsToMask(secrets: readonly string[]): readonly string[] {
  const forms = new Set(valuesOf(secrets).flatMap(formsOf))
  return [...forms].toSorted((a, b) => b.length - a.length)
}

function formsOf(value: string): readonly string[] {
  const percent = encodeURIComponent(value)
  return [
    ...formsIn(value),
    percent,
    percent.replaceAll('%20', '+'),
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...base64Forms(value),
  ]
}

/** How a value stands in what we send: as it is, JSON-escaped, quoted for the shell. */
function formsIn(value: string): readonly string[] {
  return [...new Set([value, JSON.stringify(value).slice(1, -1), value.replaceAll("'", `'\\''`)])]
}

/** At each of the three offsets that a value can have in a longer text, without what mixes in its neighbours. */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  const cores = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  })
  return [bytes.toString('base64'), bytes.toString('base64url'), ...cores]
    .filter((form) => form.length >= SHORTEST_BASE64)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

/** Fewer characters of base64 are found in anything. */
const SHORTEST_BASE64 = 6
