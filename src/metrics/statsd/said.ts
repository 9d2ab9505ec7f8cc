import { type Sent, tagsOf } from '../lines/names.ts'
import type { Fault } from '../lines/fault.ts'

/** Something that happened elsewhere, as DogStatsD tells of it. It is drawn on graphs beside the changes. */
export type Event = Readonly<{
  atMs: number
  title: string
  text: string
  host: string | null
  /** What told of it. */
  source: string | null
  kind: 'info' | 'success' | 'warning' | 'error'
  tags: Readonly<Record<string, string>>
}>

/** The status of a check, as a sample. */
export type CheckStatus = Readonly<{ sent: Sent; value: number }>

const titleBytes = 200
const textBytes = 4_000

/** Whether a line is an event or the status of a check rather than a metric. */
export function isSaid(bytes: Uint8Array, from: number): boolean {
  const [underscore, e, s] = [0x5f, 0x65, 0x73]
  return bytes[from] === underscore && (bytes[from + 1] === e || bytes[from + 1] === s)
}

/**
 * Reads `_e{5,4}:title|text|d:TIME|h:HOST|t:KIND|s:SOURCE|#TAGS`; the numbers say how many bytes title and text have, so
 * that both may hold anything.
 */
export function readEvent(line: Buffer, nowMs: number): Event | Fault {
  const head = /^_e\{(\d{1,5}),(\d{1,5})\}:/.exec(line.toString('latin1', 0, 24))
  if (head === null) return 'shape'
  const titleFrom = head[0].length
  const textFrom = titleFrom + Number(head[1]) + 1
  const textTo = textFrom + Number(head[2])
  if (line[textFrom - 1] !== pipe || textTo > line.length || Number(head[1]) === 0) return 'shape'
  if (textTo < line.length && line[textTo] !== pipe) return 'shape'
  const fields = fieldsOf(line.toString('utf8', textTo + 1))
  const atMs = timeOf(fields.get('d'), nowMs)
  if (atMs === null) return 'time'
  const kind = fields.get('t') ?? 'info'
  return {
    atMs,
    title: line.toString('utf8', titleFrom, Math.min(textFrom - 1, titleFrom + titleBytes)),
    text: line
      .toString('utf8', textFrom, Math.min(textTo, textFrom + textBytes))
      .replaceAll(String.raw`\n`, '\n'),
    host: fields.get('h') ?? null,
    source: fields.get('s') ?? null,
    kind: kind === 'success' || kind === 'warning' || kind === 'error' ? kind : 'info',
    tags: tagsOf((fields.get('#') ?? '').split(','), ':'),
  }
}

const pipe = 0x7c

/** Reads `_sc|NAME|STATUS|d:TIME|h:HOST|#TAGS|m:WORDS`; status is 0 ok, 1 warning, 2 critical, 3 unknown. */
export function readCheckStatus(line: Buffer): CheckStatus | Fault {
  const found = /^_sc\|([^|]+)\|([0-3])(?:\|(.*))?$/s.exec(line.toString('utf8'))
  if (found === null) return 'shape'
  const [, check = '', status, rest = ''] = found
  const fields = fieldsOf(rest)
  const host = fields.get('h')
  const tags = tagsOf((fields.get('#') ?? '').split(','), ':')
  return {
    sent: { name: 'service_check_status', tags: { ...tags, ...(host !== undefined && { host }), check } },
    value: Number(status),
  }
}

/** `d:1|h:x|#a:b`, by their letters; `m:` is the last one, and may hold anything. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const field of text.split('|')) {
    if (field.startsWith('m:')) break
    if (field.startsWith('#')) fields.set('#', field.slice(1))
    else if (field[1] === ':') fields.set(field[0] ?? '', field.slice(2))
  }
  return fields
}

function timeOf(seconds: string | undefined, nowMs: number): number | null {
  if (seconds === undefined) return nowMs
  return /^\d{1,10}$/.test(seconds) ? Number(seconds) * 1000 : null
}
