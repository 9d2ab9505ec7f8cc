import { z } from 'zod'
import { chosenOf, listOf, membersOf, strangeFile, textOf } from '../read.ts'
import type { Members } from '../../../../sdk/flag/check-shape.ts'

/** What of Unleash's files is read. Both have it: what a client is answered, and what the dashboard exports. */
const constraint = z.object({
  contextName: z.string(),
  operator: z.string(),
  values: z.array(z.string()).nullish(),
  value: z.string().nullish(),
  inverted: z.boolean().nullish(),
  caseInsensitive: z.boolean().nullish(),
})

const variant = z.object({
  name: z.string(),
  weight: z.number(),
  stickiness: z.string().nullish(),
  payload: z.object({ type: z.string(), value: z.string() }).nullish(),
  overrides: z.array(z.object({ contextName: z.string(), values: z.array(z.string()) })).nullish(),
})

const strategy = z.object({
  name: z.string(),
  title: z.string().nullish(),
  disabled: z.boolean().nullish(),
  parameters: z.record(z.string(), z.coerce.string()).nullish(),
  constraints: z.array(constraint).nullish(),
  segments: z.array(z.number()).nullish(),
  variants: z.array(variant).nullish(),
})

const dependency = z.object({
  feature: z.string(),
  enabled: z.boolean().nullish(),
  variants: z.array(z.string()).nullish(),
})

const segment = z.object({
  id: z.number(),
  name: z.string().nullish(),
  constraints: z.array(constraint).nullish(),
})

export const feature = z.object({
  name: z.string(),
  description: z.string().nullish(),
  project: z.string().nullish(),
  enabled: z.boolean(),
  strategies: z.array(strategy),
  variants: z.array(variant).nullish(),
  dependencies: z.array(dependency).nullish(),
  tags: z.array(z.string()).nullish(),
})

export type Constraint = z.infer<typeof constraint>
export type UnleashVariant = z.infer<typeof variant>
export type Strategy = z.infer<typeof strategy>
export type Feature = z.infer<typeof feature>
export type Dependency = z.infer<typeof dependency>
export type UnleashSegment = z.infer<typeof segment>

export type UnleashFile = Readonly<{
  /** Not looked at yet, by name. */
  features: readonly (readonly [string, unknown])[]
  segments: ReadonlyMap<number, UnleashSegment>
}>

/** Reads either file, for one environment. */
export function readShape(file: Members, environment: string | null): UnleashFile {
  const { features } = file
  if (!Array.isArray(features)) throw strangeFile('Unleash', "it has no 'features'")
  const segments = listOf(file['segments']).flatMap((each) => segment.safeParse(each).data ?? [])
  const isExport = Array.isArray(file['featureStrategies'])
  const live = features.map(membersOf).filter(({ archived }) => archived !== true)
  const found = isExport ? joined(live, file, chosenOf(environmentsIn(file), environment)) : live
  return {
    features: found.map((each) => [textOf(each['name']) ?? '', each]),
    segments: new Map(segments.map((each) => [each.id, each])),
  }
}

function environmentsIn(file: Members): readonly string[] {
  return listOf(file['featureEnvironments']).map((each) => textOf(membersOf(each)['environment']) ?? '')
}

/** In an export strategies, environments and tags stand beside the features. */
function joined(features: readonly Members[], file: Members, environment: string): readonly Members[] {
  const of = (room: string, member: string, name: unknown) =>
    listOf(file[room])
      .map(membersOf)
      .filter((each) => each[member] === name)
  return features.map((each) => {
    const { name } = each
    const here = of('featureEnvironments', 'featureName', name).find(
      (one) => one['environment'] === environment,
    )
    return {
      ...each,
      enabled: here?.['enabled'] === true,
      variants: listOf(here?.['variants']).length > 0 ? here?.['variants'] : each['variants'],
      strategies: of('featureStrategies', 'featureName', name)
        .filter((one) => one['environment'] === environment)
        .toSorted((a, b) => Number(a['sortOrder'] ?? 0) - Number(b['sortOrder'] ?? 0)),
      dependencies: of('dependencies', 'feature', name).flatMap((one) => listOf(one['dependencies'])),
      tags: of('featureTags', 'featureName', name).map((one) => [one['tagType'], one['tagValue']].join(':')),
    }
  })
}
