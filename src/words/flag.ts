import type { PlanLine } from '../change/plan.ts'
import { expectationText } from './expectation.ts'
import { took } from './time.ts'
import { stepsOf } from '../../sdk/condition/attribute.ts'
import type { Condition, Flag, Rule, Segment, Share, Split } from '../../sdk/flag/flag.ts'

type Move = Readonly<{
  what: 'flag' | 'segment'
  before: Flag | Segment | null
  after: Flag | Segment | null
}>

/** What becomes of a definition, in lines for people. */
export function linesOf(move: Move): readonly PlanLine[] {
  const [before, after] = [partsOf(move.what, move.before), partsOf(move.what, move.after)]
  if (move.before === null) return lined('+', after)
  if (move.after === null) return lined('-', before)
  const gone = [...before].filter(([name]) => !after.has(name))
  const come = [...after].filter(([name]) => !before.has(name))
  const altered = [...after].filter(([name, text]) => before.has(name) && before.get(name) !== text)
  return [
    ...lined('-', gone),
    ...altered.map(([name, text]) =>
      line('~', `${name}: ${short(before.get(name) ?? '')} -> ${short(text)}`),
    ),
    ...lined('+', come),
  ]
}

const line = (mark: PlanLine['mark'], text: string): PlanLine => ({ mark, text })

const lined = (mark: PlanLine['mark'], parts: Iterable<readonly [string, string]>): readonly PlanLine[] =>
  [...parts].map(([name, text]) => line(mark, text === '' ? name : `${name}: ${short(text)}`))

const longest = 200

const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/** All that a definition says, part by part. */
function partsOf(what: Move['what'], definition: Flag | Segment | null): ReadonlyMap<string, string> {
  if (definition === null) return new Map()
  const parts =
    'variants' in definition && what === 'flag'
      ? flagParts(definition as Flag)
      : segmentParts(definition as Segment)
  return new Map([...parts, ...aboutParts(definition)])
}

function flagParts(flag: Flag): readonly (readonly [string, string])[] {
  const rules = flag.rules ?? []
  return [
    ['type', flag.type],
    ['switch', flag.on ? 'on' : 'off'],
    ...Object.entries(flag.variants).map(
      ([name, value]) => [`variant ${name}`, JSON.stringify(value)] as const,
    ),
    ['default', servedText(flag.default)],
    ['while off', servedText(flag.off)],
    ...(flag.requires ?? []).map(
      ({ flag: key, serves }) => [`requires ${key}`, `to serve ${serves.join(' or ')}`] as const,
    ),
    ...rules.map((rule) => [`rule ${rule.id}`, ruleText(rule)] as const),
    ...(rules.length > 1 ? [['order of rules', rules.map(({ id }) => id).join(', ')] as const] : []),
    ...(flag.watch ?? []).map((each) => [`rollouts watch ${expectationText(each)}`, ''] as const),
    ...(flag.knob === undefined ? [] : [['knob', JSON.stringify(flag.knob)] as const]),
  ]
}

function segmentParts({ include = [], exclude = [], when }: Segment): readonly (readonly [string, string])[] {
  return [
    ...(when === undefined ? [] : [['who', conditionText(when)] as const]),
    ...include.map((key) => [`member ${key}`, ''] as const),
    ...exclude.map((key) => [`never ${key}`, ''] as const),
  ]
}

function aboutParts({ about = {} }: Flag | Segment): readonly (readonly [string, string])[] {
  return Object.entries(about).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}

const servedText = (variant: string | null): string => variant ?? "the program's own default"

/** `on for 10 % of those in segment team`. */
export function ruleText({ name, when, share, serve }: Rule): string {
  const who = when === undefined ? 'everybody' : conditionText(when)
  const part = share === undefined || share.weight === share.of ? '' : `${percentText(share)} of `
  const served = typeof serve === 'string' ? serve : splitText(serve)
  return `${served} for ${part}${who}${name === undefined ? '' : ` (${name})`}`
}

export function percentText({ weight, of }: Pick<Share, 'weight' | 'of'>): string {
  return `${Number(((weight / of) * 100).toFixed(3))} %`
}

/** A stage of a rollout: how far it comes, and how long it is looked at. */
export function stageText(share: Pick<Share, 'weight' | 'of'>, holdMs: number): string {
  return `${percentText(share)}${holdMs === 0 ? '' : `, then looked at for ${took(holdMs)}`}`
}

function splitText({ arms, of }: Split): string {
  return arms
    .map(({ variant, weight }) => `${variant ?? 'nothing'} ${percentText({ weight, of })}`)
    .join(', ')
}

/** A condition as a sentence says it. */
export function conditionText(condition: Condition): string {
  if ('all' in condition) return joined(condition.all, ' and ')
  if ('any' in condition) return joined(condition.any, ' or ')
  if ('not' in condition) return `not ${joined([condition.not], '')}`
  if ('segment' in condition) return `those in segment ${condition.segment}`
  if ('flag' in condition) return `those whom ${condition.flag} serves ${condition.serves.join(' or ')}`
  const name = stepsOf(condition.attribute).join('.')
  return `${name} ${condition.op}${'value' in condition ? ` ${valueText(condition.value)}` : ''}`
}

function joined(parts: readonly Condition[], word: string): string {
  return parts
    .map((part) => ('all' in part || 'any' in part ? `(${conditionText(part)})` : conditionText(part)))
    .join(word)
}

function valueText(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value)
  const shown = value.slice(0, 5).map((each) => JSON.stringify(each))
  return value.length > 5 ? `${shown.join(', ')} and ${value.length - 5} more` : shown.join(', ')
}
