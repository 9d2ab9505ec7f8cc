/** Where something stands in the configuration: `['apps', 'shop', 'port']`. */
export type ConfigPath = readonly (string | number)[]

/** One thing that is wrong in `tandem.ts`: `at` says whether the key or its value is to be pointed at. */
export type Mistake = Readonly<{ path: ConfigPath; at: 'key' | 'value'; what: string; now: string }>

/** `apps.shop.stages[1]`; the whole is `tandem.ts`. */
export function written(path: ConfigPath): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
  return steps.join('').replace(/^\./, '') || 'tandem.ts'
}

/** A value as a sentence shows it: `'3000'`, `12`, `a list`. */
export function shown(found: unknown): string {
  if (typeof found === 'string') return `'${found.length > 60 ? `${found.slice(0, 57)}…` : found}'`
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list'
  if (found === null || found === undefined) return 'nothing'
  return typeof found === 'object' ? 'an object' : JSON.stringify(found)
}

/** Points at the value, unless told to point at its key. */
export function mistake(path: ConfigPath, what: string, now: string, at: Mistake['at'] = 'value'): Mistake {
  return { path, at, what, now }
}
