/** Lines that are said once: `key` tells them from all others. */
export type Said = Readonly<{
  key: string
  lines: readonly string[]
  /** The job whose last lines belong under them. */
  tailOf: string | null
}>

export const said = (key: string, ...lines: readonly string[]): Said => ({ key, lines, tailOf: null })
