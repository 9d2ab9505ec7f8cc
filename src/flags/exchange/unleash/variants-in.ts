import type { FlagType, Json, Rule, Split } from '../../../../sdk/flag/flag.ts'
import { typeOfAll } from '../read.ts'
import { NoEqual, type Tell } from '../remark.ts'
import { attributeIn } from './constraint-in.ts'
import type { Feature, UnleashVariant } from './shape.ts'
import { stuckTo, type Taken, unleashDraw } from './strategy-in.ts'

/** All that a feature may give besides being on. */
export function variantsOf({ variants, strategies }: Feature): readonly UnleashVariant[] {
  return [...(variants ?? []), ...strategies.flatMap((each) => each.variants ?? [])]
}

/** What a flag is made of that gives variants. Throws NoEqual. */
export function valuesOf(
  all: readonly UnleashVariant[],
  tell: Tell,
): Readonly<{ type: FlagType; variants: Readonly<Record<string, Json>> }> {
  const bare = all.filter(({ payload }) => payload === null || payload === undefined).length
  if (bare > 0 && bare < all.length)
    throw new NoEqual('some of its variants have a payload and some have none')
  if (bare > 0) tell('its variants have no payload: the value is the name of the variant')
  const values = new Map<string, Json>()
  for (const each of all) {
    const value = valueOf(each)
    const known = values.get(each.name)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(value))
      throw new NoEqual(`its variant '${each.name}' has two payloads`)
    values.set(each.name, value)
  }
  return { type: typeOfAll([...values.values()]), variants: Object.fromEntries(values) }
}

function valueOf({ name, payload }: UnleashVariant): Json {
  if (payload === null || payload === undefined) return name
  const { type, value } = payload
  if (type === 'number') return numberOf(name, value)
  if (type !== 'json') return value
  try {
    return JSON.parse(value) as Json
  } catch {
    throw new NoEqual(`the payload of its variant '${name}' is no JSON`)
  }
}

function numberOf(name: string, value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number))
    throw new NoEqual(`the payload of its variant '${name}' is no number`)
  return number
}

/** What gives those whom a strategy takes in their variants. */
export function servedBy(
  taken: Taken,
  variants: readonly UnleashVariant[],
  { salt, stickiness, tell }: Readonly<{ salt: string; stickiness: string; tell: Tell }>,
): readonly Omit<Rule, 'id'>[] {
  const overridden = variants.flatMap(({ name, overrides }) =>
    (overrides ?? []).map(({ contextName, values }): Omit<Rule, 'id'> => {
      const listed = { attribute: attributeIn(contextName), op: 'in', value: values } as const
      return {
        ...taken,
        when: taken.when === undefined ? listed : { all: [taken.when, listed] },
        serve: name,
      }
    }),
  )
  const of = variants.reduce((sum, { weight }) => sum + weight, 0)
  if (of <= 0) throw new NoEqual('its variants weigh nothing')
  const arms = variants.map(({ name, weight }) => ({ variant: name, weight }))
  const split: Split = { ...unleashDraw(salt, stuckTo(stickiness, tell)), of, arms }
  return [...overridden, { ...taken, serve: split }]
}
