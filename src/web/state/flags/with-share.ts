import type { Flag } from '../../../../sdk/flag/flag.ts'
import { withPercent } from './rule-draft.ts'

/** The flag with another share in one of its rules. */
export function withShare(flag: Flag, id: string, percent: number): Flag {
  const rules = (flag.rules ?? []).map((rule) =>
    rule.id === id && rule.share !== undefined ? { ...rule, share: withPercent(rule.share, percent) } : rule,
  )
  return { ...flag, rules }
}
