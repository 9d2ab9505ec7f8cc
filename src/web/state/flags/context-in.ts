import type { Context } from '../../../../sdk/flag/flag.ts'

/** A person and `name=value` pairs as a context; null where something is no pair. Numbers and true, false are such. */
export function contextIn(user: string, pairs: string): Context | null {
  const context: Record<string, unknown> = {}
  if (user.trim() !== '') context['targetingKey'] = user.trim()
  for (const pair of pairs.split(/\s+/)) {
    if (pair === '') continue
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? []
    if (name === undefined || value === undefined) return null
    context[name] = valueIn(value)
  }
  return context
}

/** What is written as a number is one: 007 is not. */
function valueIn(text: string): unknown {
  return /^(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?)$/.test(text) ? (JSON.parse(text) as unknown) : text
}
