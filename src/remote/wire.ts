/**
 * What the far end says, told apart: login noise, our own words (each begins with the session's nonce), the journal's
 * bytes, and the end mark (which begins with the run's key). Pure.
 */

export type Heard = Readonly<
  | { type: 'hello' }
  | { type: 'failed'; why: string }
  | { type: 'started' }
  | { type: 'output'; bytes: Uint8Array }
  | { type: 'ended'; verdict: string }
>

export type Wire = Readonly<{
  push: (bytes: Uint8Array) => readonly Heard[]
  /** What the login files printed before our first word, at most its last 4 KB. */
  noise: () => string
}>

const NOISE_LIMIT = 4096
/** Our own words are short; what is longer without a newline is not one. */
const WORD_LIMIT = 1024

/** Where the reading is: the bytes not understood yet, and what they may be. */
type Reading = { stage: 'login' | 'words' | 'journal' | 'over'; key: Buffer; held: Buffer; noise: string }

/**
 * Reads the stream of one session, of one that stands from its `words` on. Any cut into pieces gives the same meaning.
 */
export function openWire(nonce: string, stage: 'login' | 'words' = 'login'): Wire {
  const reading: Reading = { stage, key: Buffer.alloc(0), held: Buffer.alloc(0), noise: '' }
  return {
    push: (bytes) => {
      reading.held = Buffer.concat([reading.held, bytes])
      const heard: Heard[] = []
      while (reading.held.length > 0 && readOn(reading, nonce, heard));
      return heard
    },
    noise: () => reading.noise.trim(),
  }
}

/** Reads one thing; false when it takes more bytes to know. */
function readOn(reading: Reading, nonce: string, heard: Heard[]): boolean {
  switch (reading.stage) {
    case 'login':
      return readLogin(reading, nonce, heard)
    case 'words':
      return readWord(reading, nonce, heard)
    case 'journal':
      return readJournal(reading, heard)
    case 'over':
      return false
  }
}

function readLogin(reading: Reading, nonce: string, heard: Heard[]): boolean {
  const hello = `${nonce} hello\n`
  const { held } = reading
  const at = held.indexOf(hello)
  const end = at < 0 ? Math.max(0, held.length - hello.length) : at
  reading.noise = (reading.noise + held.subarray(0, end).toString()).slice(-NOISE_LIMIT)
  reading.held = held.subarray(at < 0 ? end : at + hello.length)
  if (at < 0) return false
  heard.push({ type: 'hello' })
  reading.stage = 'words'
  return true
}

function readWord(reading: Reading, nonce: string, heard: Heard[]): boolean {
  const { held } = reading
  const end = held.indexOf(10)
  if (end < 0 && held.length <= WORD_LIMIT) return false
  const line = held.subarray(0, end < 0 ? held.length : end).toString()
  reading.held = held.subarray(end < 0 ? held.length : end + 1)
  if (line.startsWith(`${nonce} fail `)) heard.push({ type: 'failed', why: line.slice(nonce.length + 6) })
  if (line.startsWith(`${nonce} started `)) {
    reading.key = Buffer.from(line.slice(nonce.length + 9))
    reading.stage = 'journal'
    heard.push({ type: 'started' })
  }
  return true
}

function readJournal(reading: Reading, heard: Heard[]): boolean {
  const { held, key } = reading
  const at = markAt(held, key)
  if (at > 0) heard.push({ type: 'output', bytes: held.subarray(0, at) })
  reading.held = held.subarray(at)
  const end = reading.held.indexOf(10)
  if (reading.held.length < key.length || end < 0) return false
  const verdict = reading.held
    .subarray(key.length, end)
    .toString()
    .replace(/^ end /, '')
  heard.push({ type: 'ended', verdict })
  reading.held = Buffer.alloc(0)
  reading.stage = 'over'
  return true
}

/** Where the key begins in `bytes`, or where a tail begins that may go on to be it; the length if neither. */
function markAt(bytes: Buffer, key: Buffer): number {
  const whole = bytes.indexOf(key)
  if (whole >= 0) return whole
  for (let at = Math.max(0, bytes.length - key.length + 1); at < bytes.length; at += 1)
    if (bytes[at] === key[0] && key.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at
  return bytes.length
}
