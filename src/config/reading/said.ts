import type { Json } from '../../change/json.ts'
import type { Place } from './locate.ts'

/**
 * One resource as a recipe said it, before anything of it was checked. In `options`, another resource is
 * `{ "resource": NUMBER }`, and a secret stands in a text as `secretMark(NAME)`.
 */
export type Said = Readonly<{
  /** Counts from 0 within a host, in the order in which the recipes made them. */
  number: number
  /** The word that was called: `file`. */
  type: string
  name: Json
  options: Json
  /** Relative to the folder of `tandem.ts`. */
  at: Place
}>

/** How a secret stands in a text that came out of a recipe. U+E000 is for private use and in no real text. */
export const secretMark = (name: string): string => `\u{E000}secret:${name}\u{E000}`

/** How a recipe stands in the plain configuration, which is read without calling it. */
export const recipeMark = '\u{E000}recipe'

/** The words that recipes call: `word(name, options)`. */
export const recipeWords = [
  'apt',
  'aptRepository',
  'archive',
  'authorizedKey',
  'baseline',
  'block',
  'certificate',
  'cron',
  'directory',
  'download',
  'dropIn',
  'exec',
  'file',
  'firewall',
  'gitCheckout',
  'group',
  'haproxyFront',
  'hostname',
  'line',
  'link',
  'locale',
  'logRotation',
  'mount',
  'postgresDatabase',
  'postgresRole',
  'service',
  'sudoRule',
  'sysctl',
  'template',
  'timeZone',
  'unit',
  'user',
] as const
