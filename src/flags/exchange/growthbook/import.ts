import { testOf } from '../../../../sdk/condition/compile.ts'
import { type Members } from '../../../../sdk/flag/check-shape.ts'
import type { About, Condition, Flag, Json, Requirement, Rule, Share } from '../../../../sdk/flag/flag.ts'
import { namesFor, readFile, textOf, typeOfAll } from '../read.ts'
import { carryEach, type Imported, NoEqual, type Remark, settled, type Tell } from '../remark.ts'
import { conditionIn } from './condition-in.ts'
import { bucketsOf, coverageIn, type Drawn, keyIn, rangeIn, rangesIn } from './lots-in.ts'
import {
  type Feature,
  feature as featureShape,
  type Found,
  type GrowthBookRule,
  readShape,
  wordsOf,
} from './shape.ts'

/**
 * Flags out of a file of GrowthBook: the payload of its SDKs, or what `/api/v1/features` answers. `environment` says which
 * of several is meant.
 */
export function fromGrowthBook(text: string, environment: string | null): Imported {
  const file = readShape(readFile(text, 'GrowthBook'), environment)
  const known = new Map(
    file.features.flatMap(([key, { definition }]) => {
      const { data } = featureShape.safeParse(definition)
      return data === undefined ? [] : [[key, data] as const]
    }),
  )
  const { carried, remarks } = carryEach(file.features, (found, key, tell) =>
    featureIn(found, { key, tell, known, savedGroups: file.savedGroups }),
  )
  return settled({
    set: { flags: carried, segments: {} },
    remarks: Object.keys(carried).length === 0 ? remarks : [...aboutAll, ...remarks],
  })
}

const aboutAll: readonly Remark[] = [
  'what GrowthBook calls id is targetingKey here',
  'GrowthBook takes texts that look like numbers for numbers; here, where a rule compares with a number, programs have to give one',
  'where an attribute is a list, a condition holds here when one of its elements fulfils it',
].map((says) => ({ flag: null, isLeftOut: false, says }))

type Around = Readonly<{ key: string; tell: Tell; known: ReadonlyMap<string, Feature>; savedGroups: Members }>

function featureIn({ definition, isOn, about }: Found, around: Around): Flag {
  const { data, error } = featureShape.safeParse(definition)
  if (data === undefined) {
    const [issue] = error.issues
    throw new NoEqual(`it cannot be read: ${issue?.path.join('.')}: ${issue?.message.toLowerCase()}`)
  }
  const values = valuesOf(data)
  const names = namesFor(values)
  const nameOf = (value: Json) => names.get(JSON.stringify(value)) ?? ''
  const { rules, requires } = rulesIn(data, around, nameOf)
  const fallback = data.defaultValue ?? null
  const kept = aboutIn(about)
  return {
    type: typeOfAll(values),
    on: isOn,
    variants: Object.fromEntries(values.map((value) => [nameOf(value), value])),
    default: fallback === null ? null : nameOf(fallback),
    off: null,
    ...(requires.length > 0 && { requires }),
    ...(rules.length > 0 && { rules }),
    ...(kept !== null && { about: kept }),
  }
}

/** All that a feature may give. */
function valuesOf({ defaultValue, rules }: Feature): readonly Json[] {
  const given = (rules ?? []).flatMap((rule) =>
    'force' in rule ? [rule.force as Json] : (rule.variations ?? []),
  )
  const fallback = defaultValue ?? null
  return fallback === null ? given : [fallback, ...given]
}

type NameOf = (value: Json) => string

function rulesIn(
  { rules }: Feature,
  around: Around,
  nameOf: NameOf,
): Readonly<{ rules: readonly Rule[]; requires: readonly Requirement[] }> {
  const requires: Requirement[] = []
  const made = (rules ?? []).flatMap((rule, at): Rule[] => {
    const asked = (rule.parentConditions ?? []).map((each) => ({
      gate: each.gate === true,
      requirement: requirementIn(each.id, each.condition ?? {}, around),
    }))
    const gates = asked.filter(({ gate }) => gate).map(({ requirement }) => requirement)
    const decides = (rules ?? []).slice(0, at).some((before) => 'force' in before || before.variations)
    if (gates.length > 0 && decides)
      throw new NoEqual('another flag closes it after one of its rules has decided')
    requires.push(...gates)
    const asks = asked.filter(({ gate }) => !gate).map(({ requirement }) => requirement)
    const given = givenBy(rule, around, nameOf)
    if (given === null || asks.some(({ serves }) => serves.length === 0)) return []
    const conditions: Condition[] = [
      ...asks,
      ...(rule.condition ? [conditionIn(rule.condition, { savedGroups: around.savedGroups, depth: 0 })] : []),
      ...given.conditions,
    ]
    const [only] = conditions
    const when = conditions.length === 1 ? only : { all: conditions }
    const { share, serve } = given
    return [
      {
        id: `r${at + 1}`,
        ...(rule.name && { name: rule.name }),
        ...(only !== undefined && when !== undefined && { when }),
        ...(share !== null && { share }),
        serve,
      },
    ]
  })
  return { rules: made, requires }
}

/** Which variants of another flag have a value that fulfils a condition. */
function requirementIn(flag: string, condition: Members, { known, savedGroups }: Around): Requirement {
  const other = known.get(flag)
  if (other === undefined) throw new NoEqual(`it asks for '${flag}', which is not in the file`)
  const nobody = () => () => false
  const fulfils = testOf(conditionIn(condition, { savedGroups, depth: 0 }), {
    segment: nobody,
    requirement: nobody,
  })
  const names = namesFor(valuesOf(other))
  return {
    flag,
    serves: [...names]
      .filter(([text]) => fulfils({ value: JSON.parse(text) as unknown }))
      .map(([, name]) => name),
  }
}

type Given = Readonly<{ conditions: readonly Condition[]; share: Share | null; serve: Rule['serve'] }>

/** What a rule gives, and to how many; null for one that gives nothing to anybody. */
function givenBy(rule: GrowthBookRule, around: Around, nameOf: NameOf): Given | null {
  if (rule['contextualVariations'] !== undefined) throw new NoEqual('it has a contextual bandit')
  if (rule.fallbackAttribute)
    around.tell(
      `its lots are drawn by '${rule.hashAttribute ?? 'id'}' only, never by '${rule.fallbackAttribute}' instead`,
    )
  if (rule.minBucketVersion)
    around.tell('people keep their lots for ever: versions of buckets are not carried over')
  const filters = (rule.filters ?? []).map(({ seed, ranges, attribute, hashVersion }) =>
    rangeIn({ seed, attribute, version: hashVersion ?? 2 }, ranges),
  )
  if ('force' in rule) return forced(rule, filters, { around, nameOf })
  const variations = rule.variations ?? []
  return variations.length < 2 ? null : experiment(rule, filters, { around, names: variations.map(nameOf) })
}

function forced(
  rule: GrowthBookRule,
  filters: readonly Share[],
  { around, nameOf }: Readonly<{ around: Around; nameOf: NameOf }>,
): Given | null {
  const { coverage, range } = rule
  if (!range && coverage !== undefined && coverage <= 0) return null
  const drawn = drawnBy(rule, rule.seed || around.key)
  const own = range ? [rangeIn(drawn, [range])] : coverage === undefined ? [] : [coverageIn(drawn, coverage)]
  return { ...oneShare([...filters, ...own]), serve: nameOf(rule.force as Json) }
}

function experiment(
  rule: GrowthBookRule,
  filters: readonly Share[],
  { around, names }: Readonly<{ around: Around; names: readonly string[] }>,
): Given {
  if ((rule.meta ?? []).some(({ passthrough }) => passthrough))
    throw new NoEqual('a part of its experiment is passed through')
  const { namespace, hashAttribute } = rule
  const own =
    rule.filters || !namespace
      ? []
      : [
          rangeIn({ seed: `__${namespace[0]}`, attribute: hashAttribute, version: 1 }, [
            [namespace[1], namespace[2]],
          ]),
        ]
  const ranges = rule.ranges ?? bucketsOf(names.length, rule.coverage, rule.weights ?? null)
  const serve = rangesIn(drawnBy(rule, rule.seed || rule.key || around.key), ranges, names)
  const { conditions, share } = oneShare([...filters, ...own])
  // An arm that is the whole would take in those without a key as well.
  const keyed: Condition = { attribute: keyIn(hashAttribute), op: 'present' }
  return { conditions: serve.arms.length === 1 ? [...conditions, keyed] : conditions, share, serve }
}

function drawnBy({ hashAttribute, hashVersion }: GrowthBookRule, seed: string): Drawn {
  return { seed, attribute: hashAttribute, version: hashVersion ?? 1 }
}

/** A share that is the whole still asks for what it is drawn by. */
function oneShare(shares: readonly Share[]): Pick<Given, 'conditions' | 'share'> {
  const whole = shares.filter(({ weight, of }) => weight === of)
  const conditions = whole.map(({ by }): Condition => ({ attribute: by ?? 'targetingKey', op: 'present' }))
  const [share = null, ...others] = shares.filter(({ weight, of }) => weight < of)
  if (others.length > 0) throw new NoEqual('one of its rules takes a share of a share')
  return { conditions, share }
}

function aboutIn(found: Members): About | null {
  const [description, owner] = [textOf(found['description']), textOf(found['owner'])]
  const tags = [
    ...wordsOf(found['tags']),
    ...(textOf(found['project']) ? [`project:${textOf(found['project'])}`] : []),
  ]
  if (description === null && owner === null && tags.length === 0) return null
  return {
    ...(description !== null && { description }),
    ...(owner !== null && { owner }),
    ...(tags.length > 0 && { tags }),
  }
}
