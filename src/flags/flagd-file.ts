import type { FlagSide } from '../api/wire/flags.ts'
import { toFlagd } from './exchange/flagd/export.ts'

type FlagdFile = Readonly<{ rev: string; text: string }>

/** The definitions of each environment in the words of flagd, made once for each state they are in. */
export function flagdFile(flags: FlagSide): (environment: string) => Promise<FlagdFile> {
  const made = new Map<string, FlagdFile>()
  return async (environment) => {
    const here = await flags.of(environment)
    const rev = here.rev()
    const known = made.get(environment)
    if (known?.rev === rev) return known
    const { file } = toFlagd({
      flags: Object.fromEntries(here.list().map(({ key, flag }) => [key, flag])),
      segments: Object.fromEntries(here.segments().map(({ key, segment }) => [key, segment])),
    })
    const next = { rev, text: JSON.stringify(file) }
    made.set(environment, next)
    return next
  }
}
