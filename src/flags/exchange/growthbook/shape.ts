import { z } from 'zod'
import { isObject, type Members } from '../../../../sdk/flag/check-shape.ts'
import { chosenOf, listOf, membersOf, strangeFile, textOf } from '../read.ts'

/** What of GrowthBook's files is read: the payload of its SDKs, or what `/api/v1/features` answers. */
const range = z.tuple([z.number(), z.number()])

const parentCondition = z.object({
  id: z.string(),
  condition: z.record(z.string(), z.unknown()).nullish(),
  gate: z.boolean().nullish(),
})

const filter = z.object({
  seed: z.string(),
  ranges: z.array(range),
  attribute: z.string().nullish(),
  hashVersion: z.number().nullish(),
})

const rule = z.looseObject({
  condition: z.record(z.string(), z.unknown()).nullish(),
  parentConditions: z.array(parentCondition).nullish(),
  filters: z.array(filter).nullish(),
  coverage: z.number().optional(),
  range: range.nullish(),
  variations: z.array(z.json()).nullish(),
  weights: z.array(z.number()).nullish(),
  ranges: z.array(range).nullish(),
  namespace: z.tuple([z.string(), z.number(), z.number()]).nullish(),
  key: z.string().nullish(),
  name: z.string().nullish(),
  seed: z.string().nullish(),
  hashAttribute: z.string().nullish(),
  fallbackAttribute: z.string().nullish(),
  hashVersion: z.number().nullish(),
  minBucketVersion: z.number().nullish(),
  meta: z.array(z.looseObject({ passthrough: z.boolean().nullish() })).nullish(),
  force: z.json().optional(),
})

export const feature = z.object({ defaultValue: z.json().optional(), rules: z.array(rule).nullish() })

export type GrowthBookRule = z.infer<typeof rule>
export type Feature = z.infer<typeof feature>

/** A feature that nobody has looked at yet, and what is said around it. */
export type Found = Readonly<{ definition: unknown; isOn: boolean; about: Members }>

export type GrowthBookFile = Readonly<{
  features: readonly (readonly [string, Found])[]
  savedGroups: Members
}>

/** Reads either file, for one environment. */
export function readShape(file: Members, environment: string | null): GrowthBookFile {
  const { features } = file
  const savedGroups = membersOf(file['savedGroups'])
  if (isObject(features)) {
    const found = Object.entries(features).map(
      ([key, definition]) => [key, { definition, isOn: true, about: {} }] as const,
    )
    return { features: found, savedGroups }
  }
  if (!Array.isArray(features)) throw strangeFile('GrowthBook', "it has no 'features'")
  const live = features.map(membersOf).filter(({ archived }) => archived !== true)
  const known = live.flatMap((each) => Object.keys(membersOf(each['environments'])))
  const name = chosenOf(known, environment)
  return { features: live.map((each) => [textOf(each['id']) ?? '', foundIn(each, name)]), savedGroups }
}

/** The interface of GrowthBook has the payload of each environment as a text. */
function foundIn(each: Members, environment: string): Found {
  const here = membersOf(membersOf(each['environments'])[environment])
  const { definition, enabled } = here
  return {
    definition: typeof definition === 'string' ? parsed(definition) : { defaultValue: each['defaultValue'] },
    isOn: enabled === true,
    about: each,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function wordsOf(found: unknown): readonly string[] {
  return listOf(found).filter((word) => typeof word === 'string')
}
