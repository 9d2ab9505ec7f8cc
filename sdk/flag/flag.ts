/** What a flag is, as it is written, stored and sent: docs/formats/flag.md. Everything here is plain JSON. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** What all variants of a flag are. Lists count as objects, as they do in OpenFeature. */
export type FlagType = 'boolean' | 'string' | 'number' | 'object'

/**
 * A switch or knob inside an app, in one environment. `default` is the variant for those whom no rule decides, `off`
 * the one while the flag is switched off; `null` leaves it to the program that asks.
 */
export type Flag = Readonly<{
  type: FlagType
  /** False is the kill switch: everybody gets `off`, whatever the rules say. */
  on: boolean
  variants: Readonly<Record<string, Json>>
  default: string | null
  off: string | null
  /** All of these must hold, else everybody gets `off`. */
  requires?: readonly Requirement[]
  /** The first rule that decides, decides. */
  rules?: readonly Rule[]
  /** Between which numbers the variants may be turned. */
  knob?: Knob
  /** What must hold of the team's numbers while a rollout of it is looked at. */
  watch?: readonly Expectation[]
  /** For people; the evaluator looks at nothing in here. */
  about?: About
}>

/** Another flag gives one of these variants to the same person. */
export type Requirement = Readonly<{ flag: string; serves: readonly string[] }>

/**
 * Those whom `when` describes (everybody, without it), of them the share (all, without it), are given `serve`. `id` never
 * changes and is unique in the flag.
 */
export type Rule = Readonly<{
  id: string
  name?: string
  when?: Condition
  share?: Share
  serve: string | Split
}>

/** What is hashed to draw lots, and how; all three never change, or people move. */
export type Draw = Readonly<{
  hash: HashName
  salt: string
  /** The attribute that is hashed; `targetingKey` without it. */
  by?: AttributePath
}>

/** The first `weight` of `of` people. */
export type Share = Draw & Readonly<{ weight: number; of: number }>

/** People divided among arms, in this order. An arm with `null` leaves its people to the next rule. */
export type Split = Draw & Readonly<{ of: number; arms: readonly Arm[] }>

export type Arm = Readonly<{ variant: string | null; weight: number }>

/** How lots are drawn: docs/formats/flag-hash.md. A name always means the same arithmetic. */
export const hashNames = ['tandem-1', 'flagd-v2', 'unleash', 'gb-1', 'gb-2'] as const
export type HashName = (typeof hashNames)[number]

/** `address.country`, or a list of steps where one has a dot in it. */
export type AttributePath = string | readonly string[]

export type Condition =
  | Readonly<{ all: readonly Condition[] }>
  | Readonly<{ any: readonly Condition[] }>
  | Readonly<{ not: Condition }>
  | Readonly<{ segment: string }>
  | Requirement
  | AttributeCondition

export type AttributeCondition = Readonly<{ attribute: AttributePath }> &
  (
    | Readonly<{ op: 'present' }>
    | Readonly<{ op: 'equals'; value: string | number | boolean }>
    | Readonly<{ op: 'in'; value: readonly (string | number | boolean)[] }>
    | Readonly<{ op: TextOperator; value: string | readonly string[] }>
    | Readonly<{ op: NumberOperator; value: number }>
    | Readonly<{ op: DateOperator; value: string | number }>
  )

export const textOperators = [
  'contains',
  'starts-with',
  'ends-with',
  'matches',
  'version',
  'in-network',
] as const
export const numberOperators = ['below', 'at-most', 'above', 'at-least'] as const
export const dateOperators = ['before', 'since'] as const
export const operators = [
  'present',
  'equals',
  'in',
  ...textOperators,
  ...numberOperators,
  ...dateOperators,
] as const
export type TextOperator = (typeof textOperators)[number]
export type NumberOperator = (typeof numberOperators)[number]
export type DateOperator = (typeof dateOperators)[number]

/** A named group of people: those listed, those whom `when` describes, and never those excluded. */
export type Segment = Readonly<{
  include?: readonly string[]
  exclude?: readonly string[]
  when?: Condition
  about?: About
}>

export type Knob = Readonly<{
  min: number
  max: number
  step?: number
  unit?: string
  /** What turns it by itself. */
  bound?: Bound
}>

/**
 * Turns what everybody gets, the value of `default`: towards `to` while the measure is beyond its threshold, and slowly back
 * to what people gave while it is not. Periods are texts such as `30s`, `5m` and `1h`.
 */
export type Bound = Readonly<{
  /** PromQL that answers with one number. */
  query: string
  /** The threshold: this one or `below`. */
  above?: number
  below?: number
  /** Nothing is given back before the measure has come so far back; without it, as far as the threshold. */
  until?: number
  to: 'min' | 'max'
  /** How far a turn goes; a tenth of the range without it. */
  by?: number
  /** The least time between two turns. */
  every: string
  /** How long all must be well before a turn back; five times `every` without it. */
  back?: string
  /** How long it is left alone after somebody turned it by hand; ten times `every` without it. */
  pause?: string
}>

/** The one number that a query in PromQL answers with is below (or at most, …) this value. */
export type Expectation = Readonly<{ query: string; op: NumberOperator; value: number }>

export type About = Readonly<{
  description?: string
  owner?: string
  tags?: readonly string[]
  /** The day, as 2026-12-31, from which the flag counts as forgotten. */
  expires?: string
  note?: LaunchNote
}>

/** What people want to have read when a launch goes wrong. */
export type LaunchNote = Readonly<{
  metrics?: readonly string[]
  risks?: string
  signs?: string
  contingency?: string
}>

/** All flags of one environment, by key, and the segments they name. */
export type FlagSet = Readonly<{
  flags: Readonly<Record<string, Flag>>
  segments: Readonly<Record<string, Segment>>
}>

/** Whoever is asked for: attributes of any shape; `targetingKey` is who they are. */
export type Context = Readonly<{ targetingKey?: string; [attribute: string]: unknown }>
