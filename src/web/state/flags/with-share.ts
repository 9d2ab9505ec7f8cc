import type { Flag } from '../../../../sdk/flag/flag.ts'

/** Shares are counted in parts of this many, so that a hundredth of a percent is a whole number. */
const parts = 10_000

/** The flag with another share in one of its rules. What is hashed stays, so that nobody is dealt anew. */
export function withShare(flag: Flag, id: string, percent: number): Flag {
  const rules = (flag.rules ?? []).map((rule) => {
    if (rule.id !== id || rule.share === undefined) return rule
    const of =
      rule.share.of % parts === 0 || parts % rule.share.of === 0
        ? Math.max(parts, rule.share.of)
        : rule.share.of
    return { ...rule, share: { ...rule.share, weight: Math.round((percent / 100) * of), of } }
  })
  return { ...flag, rules }
}
