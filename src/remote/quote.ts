/**
 * The one place where strings become shell. Everything else passes argv arrays, or bytes in frames.
 */

/**
 * One word of POSIX sh that stands for exactly `word`. Newlines and every other character are kept.
 * Throws a RangeError for NUL, which no shell word can hold.
 */
export function sh(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot hold a NUL byte')
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** A command line of POSIX sh that runs exactly `argv`. */
export function shLine(argv: readonly string[]): string {
  return argv.map(sh).join(' ')
}

/** `name='value'` lines of POSIX sh. Names are ours, values are anything. */
export function shAssign(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${sh(value)}\n`)
    .join('')
}
