import type { About, Flag, FlagType, Json } from '../../../../sdk/flag/flag.ts'

export const flagTypes: readonly FlagType[] = ['boolean', 'string', 'number', 'object']

const variants: Readonly<Record<FlagType, Readonly<Record<string, Json>>>> = {
  boolean: { on: true, off: false },
  string: { usual: '' },
  number: { usual: 0 },
  object: { usual: {} },
}

/** A flag as it begins: on, with no rule, and everybody gets what means nothing new. */
export function firstFlag(type: FlagType, about?: About): Flag {
  const usual = type === 'boolean' ? 'off' : 'usual'
  const first = { type, on: true, variants: variants[type], default: usual, off: usual }
  return about === undefined ? first : { ...first, about }
}
