import { readerOf, stepsOf } from '../condition/attribute.ts'
import { testOf } from '../condition/compile.ts'
import { mistakesOfFlag } from '../flag/check-flag.ts'
import type { Arm, Condition, Context, Draw, Flag, Requirement, Rule, Segment } from '../flag/flag.ts'
import { shown } from '../flag/mistake.ts'
import { lotsOf, type Purpose } from '../hash/lots.ts'
import { keyReader, picker, shareTest } from './compile.ts'
import type { Resolution } from './outcome.ts'
import type { Entry, Table } from './table.ts'

/** A condition, whether it holds, and what of the person it looked at. */
export type Finding = Readonly<{ says: string; holds: boolean; found?: unknown; parts: readonly Finding[] }>

/** A lot that was drawn: `place` of `of` parts, from 0; null when there is no key to draw it by. */
export type Lot = Readonly<{
  hash: string
  salt: string
  key: string | null
  place: number | null
  of: number
  isIn: boolean
}>

/** One rule: `decided` is the first that did; those after it were not asked. */
export type RuleFinding = Readonly<{
  id: string
  name?: string
  when?: Finding
  share?: Lot
  split?: Lot & Readonly<{ variant: string | null }>
  decided: boolean
}>

/** Which rule gave somebody what they get, which lot they drew, and why the rules before it did not. */
export type Explanation = Readonly<{
  flag: string
  resolution: Resolution
  requires: readonly Finding[]
  rules: readonly RuleFinding[]
  /** The same in lines for people. */
  lines: readonly string[]
}>

/** Explains what a flag comes to for somebody. Counts nothing, and throws nothing but what the context does. */
export function explain(table: Table, key: string, context: Context): Explanation {
  return table.quietly(() => explainQuietly(table, key, context))
}

function explainQuietly(table: Table, key: string, context: Context): Explanation {
  const { resolution } = table.decide(key, context)
  const flag = readable(table.find(key))
  const look: Look = { table, context }
  const isOn = flag !== null && flag.on
  const requires = isOn ? (flag.requires ?? []).map((each) => findingOf(each, look)) : []
  const isRuled = isOn && requires.every(({ holds }) => holds)
  const rules = isRuled ? askedRules(flag.rules ?? [], look) : []
  const found = { flag: key, resolution, requires, rules }
  return { ...found, lines: linesOf(found, flag) }
}

function readable(entry: Entry | undefined): Flag | null {
  if (entry === undefined || entry.definition === null || entry.pinned !== null) return null
  return mistakesOfFlag(entry.definition).length === 0 ? (entry.definition as Flag) : null
}

type Look = Readonly<{ table: Table; context: Context }>

function askedRules(rules: readonly Rule[], look: Look): readonly RuleFinding[] {
  const asked: RuleFinding[] = []
  for (const rule of rules) {
    const finding = askRule(rule, look)
    asked.push(finding)
    if (finding.decided) break
  }
  return asked
}

function askRule({ id, name, when, share, serve }: Rule, look: Look): RuleFinding {
  const head = { id, ...(name !== undefined && { name }) }
  const condition = when === undefined ? {} : { when: findingOf(when, look) }
  if (condition.when?.holds === false) return { ...head, ...condition, decided: false }
  const { context } = look
  const part =
    share === undefined
      ? {}
      : { share: lotOf(share, 'share', share.of, { context, isIn: shareTest(share)(context) }) }
  if (part.share?.isIn === false) return { ...head, ...condition, ...part, decided: false }
  if (typeof serve === 'string') return { ...head, ...condition, ...part, decided: true }
  const arm = picker<Pick<Arm, 'variant'>>(serve, (variant) => ({ variant }))(context)
  const variant = arm?.variant ?? null
  const split = { ...lotOf(serve, 'split', serve.of, { context, isIn: variant !== null }), variant }
  return { ...head, ...condition, ...part, split, decided: variant !== null }
}

function lotOf(draw: Draw, purpose: Purpose, of: number, drawn: { context: Context; isIn: boolean }): Lot {
  const { hash, salt } = draw
  const key = keyReader(draw.by)(drawn.context)
  const place = key === '' ? null : placeOf(draw, purpose, of, key)
  return { hash, salt, key: key === '' ? null : key, place, of, isIn: drawn.isIn }
}

/** The part a lot falls into: the last whose bound it is not below. */
function placeOf(draw: Draw, purpose: Purpose, of: number, key: string): number {
  const { lot, bound } = lotsOf(draw, purpose, of)
  const drawn = lot(key)
  let [low, high] = [0, of]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (drawn < bound(middle, of)) high = middle
    else low = middle
  }
  return low
}

function findingOf(condition: Condition, look: Look): Finding {
  const { table, context } = look
  const holds = testOf(condition, table.others)(context)
  if ('all' in condition)
    return { says: 'all of', holds, parts: condition.all.map((part) => findingOf(part, look)) }
  if ('any' in condition)
    return { says: 'any of', holds, parts: condition.any.map((part) => findingOf(part, look)) }
  if ('not' in condition) return { says: 'not', holds, parts: [findingOf(condition.not, look)] }
  if ('segment' in condition) {
    const when = segmentOf(table, condition.segment)?.when
    const parts = when === undefined ? [] : [findingOf(when, look)]
    return { says: `in segment ${condition.segment}`, holds, found: context.targetingKey, parts }
  }
  if ('flag' in condition) return requirementFinding(condition, holds, look)
  const found = readerOf(condition.attribute)(context)
  const name = stepsOf(condition.attribute).join('.')
  const value = 'value' in condition ? ` ${JSON.stringify(condition.value)}` : ''
  return { says: `${name} ${condition.op}${value}`, holds, found, parts: [] }
}

function segmentOf(table: Table, key: string): Segment | undefined {
  const { segments } = table.definitions()
  return Object.hasOwn(segments, key) ? (segments[key] as Segment) : undefined
}

function requirementFinding(
  { flag, serves }: Requirement,
  holds: boolean,
  { table, context }: Look,
): Finding {
  const found = table.find(flag)?.decide(context).variant
  return { says: `flag ${flag} serves ${serves.join(' or ')}`, holds, found, parts: [] }
}

function linesOf(
  { flag, resolution, requires, rules }: Omit<Explanation, 'lines'>,
  definition: Flag | null,
): readonly string[] {
  const { value, variant, reason, errorMessage } = resolution
  const given = variant === undefined ? "the program's own default" : `${variant} (${JSON.stringify(value)})`
  return [
    `${flag}: ${given}, ${reason}${errorMessage === undefined ? '' : `: ${errorMessage}`}`,
    ...(definition !== null && !definition.on ? ['it is switched off: everybody gets this'] : []),
    ...requires.flatMap((each) => findingLines(each, '')),
    ...rules.flatMap(ruleLines),
    ...(definition?.on === true && rules.length > 0 && !rules.some(({ decided }) => decided)
      ? ['no rule decided: the default holds']
      : []),
  ]
}

function ruleLines({ id, name, when, share, split, decided }: RuleFinding): readonly string[] {
  return [
    `rule ${id}${name === undefined ? '' : ` (${name})`}: ${decided ? 'decides' : 'does not decide'}`,
    ...(when === undefined ? [] : findingLines(when, '  ')),
    ...(share === undefined ? [] : [`  share: ${lotLine(share)}`]),
    ...(split === undefined ? [] : [`  split: ${lotLine(split)}, ${split.variant ?? 'no arm'}`]),
  ]
}

function lotLine({ hash, salt, key, place, of, isIn }: Lot): string {
  const drawn =
    key === null ? 'there is no key to draw a lot by' : `'${key}' drew ${place} of ${of} (${hash}, '${salt}')`
  return `${drawn}: ${isIn ? 'in' : 'not in'}`
}

function findingLines({ says, holds, found, parts }: Finding, indent: string): readonly string[] {
  const seen = parts.length === 0 ? `: ${shown(found)}` : ''
  return [
    `${indent}${holds ? 'yes' : 'no '} ${says}${seen}`,
    ...parts.flatMap((part) => findingLines(part, `${indent}  `)),
  ]
}
