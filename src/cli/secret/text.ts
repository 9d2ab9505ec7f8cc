import { TroubleError } from '../../change/trouble.ts'

/**
 * Secrets as they stand in an editor. `NAME=value` takes the rest of the line as it is, without quotes. A value of
 * several lines stands between `NAME<<WORD` and a line that is `WORD`. Lines that begin with `#` are left out.
 */
export function secretText(secrets: ReadonlyMap<string, string>): string {
  return [...secrets].map(([name, value]) => entryText(name, value)).join('')
}

export const secretTextAbout = `# NAME=value: the rest of the line is the value, as it is, without quotes.
# Of several lines: NAME<<END, then the lines, then a line END.
# This file is in memory only, and gone when the editor is closed. A line taken out takes its secret out.
`

function entryText(name: string, value: string): string {
  if (!value.includes('\n')) return `${name}=${value}\n`
  const lines = value.split('\n')
  let word = 'END'
  while (lines.includes(word)) word += '_'
  return `${name}<<${word}\n${value}\n${word}\n`
}

/** Reads them back. Throws a `TroubleError` that names a line, and nothing of what is in it. */
export function readSecretText(text: string): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>()
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line.trim() === '' || line.startsWith('#')) continue
    const [whole, name = '', sign, rest = ''] =
      /^([A-Za-z_][A-Za-z0-9_]{0,127})(=|<<)([^]*)$/.exec(line) ?? []
    if (whole === undefined)
      throw wrong(at, 'is neither NAME=value nor NAME<<WORD', 'a name has letters, digits and underscores')
    if (secrets.has(name)) throw wrong(at, `says ${name} once more`, 'say each name once')
    if (sign === '=') {
      secrets.set(name, rest)
      continue
    }
    const word = rest.trim()
    const end = word === '' ? -1 : lines.indexOf(word, at + 1)
    if (end === -1)
      throw wrong(at, `begins ${name}, which does not end`, `write a line ${word || 'END'} after it`)
    secrets.set(name, lines.slice(at + 1, end).join('\n'))
    at = end
  }
  return secrets
}

const wrong = (at: number, what: string, now: string): TroubleError =>
  new TroubleError({ what: `line ${at + 1} ${what}`, where: 'the text of the secrets', now })
