import { type Args, usage } from '../args.ts'

const usualEnvironment = 'production'

export const environmentOf = (args: Args): string => args.text('in') ?? usualEnvironment

/** The one key that an action is about. */
export function keyIn([key, extra]: readonly string[], action: string): string {
  if (key === undefined) throw usage(`${action} which flag?`, `write \`tandem flag ${action} KEY\``)
  if (extra !== undefined)
    throw usage(`flag ${action} does not know what to do with '${extra}'`, 'see `tandem help flag`')
  return key
}

/** `NAME=VALUE`, taken apart. */
export function pairIn(written: string, option: string): readonly [string, string] {
  const at = written.indexOf('=')
  if (at < 1) throw usage(`--${option} ${written} has no '='`, `write --${option} NAME=VALUE`)
  return [written.slice(0, at), written.slice(at + 1)]
}

/** The percentage of `10%` or `10`. */
export function percentIn(written: string, option: string): number {
  const percent = /^\d{1,3}(\.\d{1,3})?%?$/.test(written) ? Number(written.replace('%', '')) : NaN
  if (percent > 0 && percent <= 100) return percent
  throw usage(`--${option} ${written} is no share of people`, 'write more than 0% and at most 100%')
}
