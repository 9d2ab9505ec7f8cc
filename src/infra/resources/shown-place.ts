import type { Place } from '../../config/locate.ts'

/** `tandem.ts:14:3`. */
export function shownPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}
