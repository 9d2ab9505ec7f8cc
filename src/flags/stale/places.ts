import type { FlagPlace } from '../../api/wire/flag-use.ts'
import { scriptPlaces, shortened } from './script-places.ts'
import { isScript } from './script-tree.ts'

const quoted = /(["'`])([\w.:/-]{1,200})\1/g

/**
 * Where a file names one of these flags. JavaScript and TypeScript are read by their syntax; where that cannot be, and in all
 * other languages, quoted words are looked for.
 */
export function placesIn(path: string, text: string, flags: ReadonlySet<string>): readonly FlagPlace[] {
  if (text.includes('\0')) return []
  const read = isScript(path) ? scriptPlaces(path, text, flags) : null
  if (read !== null) return read
  return text.split('\n').flatMap((line, at) =>
    [...line.matchAll(quoted)].flatMap((match): readonly FlagPlace[] => {
      const flag = match[2] ?? ''
      if (!flags.has(flag)) return []
      return [{ path, line: at + 1, column: match.index + 1, flag, how: 'text', code: shortened(line) }]
    }),
  )
}
