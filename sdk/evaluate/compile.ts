import { readerOf } from '../condition/attribute.ts'
import { type Fork, type Others, type Test, testOf, type Way, wayOf, yesOrNo } from '../condition/compile.ts'
import type { AttributePath, Context, Flag, Rule, Segment, Share, Split } from '../flag/flag.ts'
import { lotsOf } from '../hash/lots.ts'
import { type Outcome, outcomeOf, type Reason } from './outcome.ts'

/** A flag as a function: pure and synchronous, and without a trace but for the count in its outcome. */
export type Decide = Way<Outcome>

/** A flag, which has passed its checks, as a function, and everything that can come out of it. */
export type Compiled = Readonly<{ decide: Decide; outcomes: readonly Outcome[] }>

/** Makes a flag into closures, once. Outcomes that say the same are the same. */
export function compileFlag(flag: Flag, others: Others): Compiled {
  const outcomes: Outcome[] = []
  const serve: Serve = (variant, reason, rule) => {
    const outcome = makeOutcome(flag, variant, { reason, rule })
    outcomes.push(outcome)
    return outcome
  }
  if (!flag.on) return { decide: always(serve(flag.off, 'DISABLED')), outcomes }
  const { requires = [], rules = [] } = flag
  const isStatic = rules.length === 0 && requires.length === 0 && flag.default !== null
  const last = always(serve(flag.default, isStatic ? 'STATIC' : 'DEFAULT'))
  const ruled = rules.reduceRight((next, rule) => ruleOf(rule, next, { serve, others }), last)
  if (requires.length === 0) return { decide: ruled, outcomes }
  const off = always(serve(flag.off, 'DISABLED'))
  return { decide: wayOf({ all: requires }, others, { yes: ruled, no: off }), outcomes }
}

/** A segment, which has passed its checks, as a function. */
export function compileSegment({ include = [], exclude = [], when }: Segment, others: Others): Test {
  const test: Test = when === undefined ? () => false : testOf(when, others)
  if (include.length === 0 && exclude.length === 0) return test
  const [included, excluded] = [new Set(include), new Set(exclude)]
  return (context) => {
    const key = context.targetingKey
    if (typeof key !== 'string') return test(context)
    return !excluded.has(key) && (included.has(key) || test(context))
  }
}

type Serve = (variant: string | null, reason: Reason, rule?: string) => Outcome

type World = Readonly<{ serve: Serve; others: Others }>

function makeOutcome(
  flag: Flag,
  variant: string | null,
  { reason, rule }: { reason: Reason; rule: string | undefined },
): Outcome {
  const value = variant === null ? undefined : flag.variants[variant]
  return outcomeOf({
    reason,
    ...(value !== undefined && variant !== null && { value, variant }),
    ...(rule !== undefined && { rule }),
  })
}

function always(outcome: Outcome): Decide {
  return () => outcome
}

/** A rule, which hands on to the next those for whom it decides nothing. */
function ruleOf(rule: Rule, next: Decide, { serve, others }: World): Decide {
  const served = servedBy(rule, next, serve)
  const taking = rule.share === undefined ? served : shareWay(rule.share, { yes: served, no: next })
  return rule.when === undefined ? taking : wayOf(rule.when, others, { yes: taking, no: next })
}

/** What a rule gives those it takes in. */
function servedBy({ id, serve: served, share }: Rule, next: Decide, serve: Serve): Decide {
  if (typeof served === 'string')
    return always(serve(served, share === undefined ? 'TARGETING_MATCH' : 'SPLIT', id))
  const pick = picker(served, (variant) => (variant === null ? null : serve(variant, 'SPLIT', id)))
  return (context) => pick(context) ?? next(context)
}

/** Whether somebody is among the first `weight` of `of`. Who has the whole takes in everybody, known or not. */
export function shareTest(share: Share): Test {
  return shareWay(share, yesOrNo)
}

function shareWay<T>(share: Share, { yes, no }: Fork<T>): Way<T> {
  if (share.weight === share.of) return yes
  const { lot, bound } = lotsOf(share, 'share', share.of)
  const limit = bound(share.weight, share.of)
  const keyOf = keyReader(share.by)
  return (context) => {
    const key = keyOf(context)
    return key !== '' && lot(key) < limit ? yes(context) : no(context)
  }
}

/** The arm somebody is in, null for nobody's; an arm that is the whole takes in everybody, known or not. */
export function picker<T>(
  split: Split,
  arm: (variant: string | null) => T | null,
): (context: Context) => T | null {
  const { lot, bound } = lotsOf(split, 'split', split.of)
  const filled = split.arms.filter(({ weight }) => weight > 0)
  const served = filled.map(({ variant }) => arm(variant))
  const [only = null] = served
  if (served.length === 1) return () => only
  // The last arm takes the rest, so that its bound, 2^32, need not be a number of 32 bits.
  const limits = filled.slice(0, -1).map((_, at) => bound(sum(filled.slice(0, at + 1)), split.of))
  const rest = served.at(-1) ?? null
  const keyOf = keyReader(split.by)
  return (context) => {
    const key = keyOf(context)
    if (key === '') return null
    const place = lot(key)
    for (let at = 0; at < limits.length; at += 1) if (place < (limits[at] ?? 0)) return served[at] ?? null
    return rest
  }
}

function sum(arms: readonly Readonly<{ weight: number }>[]): number {
  return arms.reduce((total, { weight }) => total + weight, 0)
}

/** What is hashed for somebody: a text, or the digits of a whole number; '' when there is neither. */
export function keyReader(by: AttributePath | undefined): (context: Context) => string {
  if (by === undefined) return (context) => keyFrom(context.targetingKey)
  const read = readerOf(by)
  return (context) => keyFrom(read(context))
}

function keyFrom(value: unknown): string {
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : ''
}
