import type { About, Condition, Flag, Requirement, Rule, Segment } from '../../../../sdk/flag/flag.ts'
import { readFile } from '../read.ts'
import { carryEach, type Imported, NoEqual, type Remark, settled } from '../remark.ts'
import { constraintIn } from './constraint-in.ts'
import {
  type Dependency,
  type Feature,
  feature as featureShape,
  readShape,
  type Strategy,
  type UnleashFile,
} from './shape.ts'
import { type Around, groupOf, strategyIn, type Taken } from './strategy-in.ts'
import { servedBy, valuesOf, variantsOf } from './variants-in.ts'

/**
 * Flags out of a file of Unleash: what `/api/client/features` answers, or an export of its dashboard. `environment` says
 * which of several is meant.
 */
export function fromUnleash(text: string, environment: string | null): Imported {
  const file = readShape(readFile(text, 'Unleash'), environment)
  const segments = makeSegments(file)
  const variantsByName = new Map(
    file.features.flatMap(([name, found]) => {
      const { data } = featureShape.safeParse(found)
      return data === undefined ? [] : [[name, variantsOf(data).map((each) => each.name)] as const]
    }),
  )
  const { carried, remarks } = carryEach(file.features, (found, name, tell) =>
    featureIn(readFeature(found), { feature: name, tell, segment: segments.find }, variantsByName),
  )
  return settled({
    set: { flags: carried, segments: segments.all() },
    remarks: Object.keys(carried).length === 0 ? remarks : [...aboutAll, ...remarks],
  })
}

const aboutAll: readonly Remark[] = [
  'what Unleash calls userId is targetingKey here, and each field of its context an attribute of that name',
  'Unleash takes texts that look like numbers for numbers; here, where a rule compares with a number, programs have to give one',
].map((says) => ({ flag: null, isLeftOut: false, says }))

function readFeature(found: unknown): Feature {
  const { data, error } = featureShape.safeParse(found)
  if (data !== undefined) return data
  const [issue] = error.issues
  throw new NoEqual(`it cannot be read: ${issue?.path.join('.')}: ${issue?.message.toLowerCase()}`)
}

type Segments = Readonly<{ find: (id: number) => Condition; all: () => Readonly<Record<string, Segment>> }>

/** Segments that features name, by a key made of their name. An export has their names only. */
function makeSegments({ segments }: UnleashFile): Segments {
  const used = new Map<string, Segment>()
  return {
    find: (id) => {
      const found = segments.get(id)
      if (found?.constraints === null || found?.constraints === undefined)
        throw new NoEqual(
          `it names the segment ${found?.name ?? id}, and the file does not say who is in there: import what /api/client/features answers`,
        )
      const slug = (found.name ?? '')
        .toLowerCase()
        .replace(/[^\w.]+/g, '-')
        .replace(/^-+|-+$/g, '')
      const isTaken = [...segments.values()].some((each) => each.id !== id && each.name === found.name)
      const segment = slug === '' || isTaken ? `segment-${id}` : slug
      if (!used.has(segment)) used.set(segment, { when: { all: found.constraints.map(constraintIn) } })
      return { segment }
    },
    all: () => Object.fromEntries(used),
  }
}

type VariantsByName = ReadonlyMap<string, readonly string[]>

function featureIn(feature: Feature, around: Around, variantsByName: VariantsByName): Flag {
  const requires = (feature.dependencies ?? []).map((each) => requirementIn(each, variantsByName))
  const about = aboutIn(feature)
  const rest = { ...(requires.length > 0 && { requires }), ...(about !== null && { about }) }
  const strategies = feature.strategies.filter(({ disabled }) => disabled !== true)
  const isLess = strategies.length < feature.strategies.length
  if (isLess && strategies.length === 0) throw new NoEqual('all of its strategies are switched off')
  if (isLess) around.tell('strategies of it that are switched off are left out')
  const all = variantsOf(feature)
  if (all.length > 0) return { ...variantFlag(feature, strategies, around), ...rest }
  const rules = strategies.flatMap((each): Omit<Rule, 'id'>[] => {
    const taken = strategyIn(each, around)
    return taken === null ? [] : [{ ...titled(each), ...taken, serve: 'on' }]
  })
  return {
    type: 'boolean',
    on: feature.enabled,
    variants: { on: true, off: false },
    default: strategies.length === 0 ? 'on' : 'off',
    off: 'off',
    ...(rules.length > 0 && { rules: numbered(rules) }),
    ...rest,
  }
}

/** A feature with variants: it gives their values, and nothing where it would be off. */
function variantFlag(feature: Feature, strategies: readonly Strategy[], around: Around): Flag {
  around.tell(
    'it has variants: programs ask for its value, which is their own default where `isEnabled` of Unleash was false',
  )
  const rules = (strategies.length === 0 ? [null] : strategies).flatMap((strategy) => {
    const taken: Taken | null = strategy === null ? {} : strategyIn(strategy, around)
    if (taken === null) return []
    return variantRules(feature, strategy, { taken, around }).map((rule) => ({
      ...(strategy !== null && titled(strategy)),
      ...rule,
    }))
  })
  return {
    ...valuesOf(variantsOf(feature), around.tell),
    on: feature.enabled,
    default: null,
    off: null,
    ...(rules.length > 0 && { rules: numbered(rules) }),
  }
}

function variantRules(
  feature: Feature,
  strategy: Strategy | null,
  { taken, around }: Readonly<{ taken: Taken; around: Around }>,
): readonly Omit<Rule, 'id'>[] {
  const { tell } = around
  const own = strategy?.variants ?? []
  const [first] = own
  if (first !== undefined) {
    const { groupId, stickiness = 'default' } = strategy?.parameters ?? {}
    const salt = groupOf(groupId, around)
    return servedBy(taken, own, { salt, stickiness: first.stickiness ?? stickiness, tell })
  }
  const [common] = feature.variants ?? []
  if (common === undefined) throw new NoEqual('some of its strategies give variants, and others none')
  return servedBy(taken, feature.variants ?? [], {
    salt: feature.name,
    stickiness: common.stickiness ?? 'default',
    tell,
  })
}

function titled({ title }: Strategy): Readonly<{ name?: string }> {
  return title === null || title === undefined || title === '' ? {} : { name: title }
}

function numbered(rules: readonly Omit<Rule, 'id'>[]): readonly Rule[] {
  return rules.map((rule, at) => ({ id: `r${at + 1}`, ...rule }))
}

function requirementIn(
  { feature, enabled, variants }: Dependency,
  variantsByName: VariantsByName,
): Requirement {
  const known = variantsByName.get(feature) ?? []
  const isVaried = known.length > 0
  if (enabled === false && isVaried)
    throw new NoEqual(`it asks that '${feature}', which has variants, is off`)
  if (enabled === false) return { flag: feature, serves: ['off'] }
  const asked = variants ?? []
  if (asked.length > 0) return { flag: feature, serves: asked }
  return { flag: feature, serves: isVaried ? [...new Set(known)] : ['on'] }
}

function aboutIn({ description, project, tags }: Feature): About | null {
  const words = [...(tags ?? []), ...(project && project !== 'default' ? [`project:${project}`] : [])]
  if (!description && words.length === 0) return null
  return { ...(description && { description }), ...(words.length > 0 && { tags: words }) }
}
