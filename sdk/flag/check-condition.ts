import { stepsOf } from '../condition/attribute.ts'
import { momentOf } from '../condition/date.ts'
import { networkTest } from '../condition/network.ts'
import { versionTest } from '../condition/version.ts'
import { matcherOf } from '../regex/matcher.ts'
import { PatternTrouble } from '../regex/parse.ts'
import { type Check, finite, isObject, list, object, type Say, text, word, wrong } from './check-shape.ts'
import { type AttributePath, operators } from './flag.ts'
import { meant, type Path, shown } from './mistake.ts'

const listLimit = 10_000
const depthLimit = 20

export const flagKey = text(
  'a key of letters, digits and . : / _ - such as new-checkout',
  /^(?!__proto__$)[\w.:/-]{1,200}$/,
)
export const variantName = text(
  'the name of a variant: letters, digits, spaces and . : / _ -',
  /^(?!__proto__$)[\w.:/ -]{1,100}$/,
)

/** Where an attribute lies. */
export const attributePath: Check = (found, path, say) => {
  const isPath =
    typeof found === 'string' ||
    (Array.isArray(found) && found.length > 0 && found.every((step) => typeof step === 'string'))
  if (!isPath) return wrong(found, path, say, 'the name of an attribute, such as email or address.country')
  const steps = stepsOf(found as AttributePath)
  if (steps.length <= 10 && steps.every((step) => step !== '' && step.length <= 200)) return true
  return wrong(found, path, say, 'up to 10 names with a dot between, such as address.country')
}

export const requirement = object({
  example: '{"flag": "new-cart", "serves": ["on"]}',
  required: { flag: flagKey, serves: list(variantName, { least: 1, most: 100 }) },
})

const segmentName = object({ example: '{"segment": "beta"}', required: { segment: flagKey } })

/** What a condition may be; the first member that is known says which it is meant to be. */
export const condition: Check = (found, path, say) => conditionAt(found, path, say, 0)

const kinds = ['all', 'any', 'not', 'segment', 'flag', 'attribute']

function conditionAt(found: unknown, path: Path, say: Say, depth: number): boolean {
  if (depth > depthLimit) {
    say(path, `conditions lie more than ${depthLimit} deep in each other`, 'name a part of it as a segment')
    return false
  }
  if (!isObject(found))
    return wrong(
      found,
      path,
      say,
      'a condition, such as {"attribute": "country", "op": "equals", "value": "DE"}',
    )
  const inner: Check = (part, place, tell) => conditionAt(part, place, tell, depth + 1)
  const kind = kinds.find((name) => Object.hasOwn(found, name))
  if (kind === 'all' || kind === 'any')
    return object({
      example: `{"${kind}": [{"segment": "beta"}]}`,
      required: { [kind]: list(inner, { most: 1000 }) },
    })(found, path, say)
  if (kind === 'not')
    return object({ example: '{"not": {"segment": "beta"}}', required: { not: inner } })(found, path, say)
  if (kind === 'segment') return segmentName(found, path, say)
  if (kind === 'flag') return requirement(found, path, say)
  if (kind === 'attribute') return attributeCondition(found, path, say)
  const [first] = Object.keys(found)
  if (first === undefined) say(path, 'it is an empty condition', `write one with ${kinds.join(', ')}`)
  else say([...path, first], `'${first}' makes no condition`, meant(first, kinds))
  return false
}

const elsewhere: Readonly<Record<string, string>> = {
  '==': 'equals',
  is: 'equals',
  eq: 'equals',
  exists: 'present',
  has: 'contains',
  regex: 'matches',
  semver: 'version',
  ip: 'in-network',
  cidr: 'in-network',
  '<': 'below',
  lt: 'below',
  '<=': 'at-most',
  lte: 'at-most',
  '>': 'above',
  gt: 'above',
  '>=': 'at-least',
  gte: 'at-least',
  after: 'since',
}

const presentShape = object({
  example: '{"attribute": "email", "op": "present"}',
  required: { attribute: attributePath, op: word(operators, elsewhere) },
})

const compareShape = object({
  example: '{"attribute": "country", "op": "equals", "value": "DE"}',
  required: { attribute: attributePath, op: word(operators, elsewhere), value: () => true },
})

function attributeCondition(found: Readonly<Record<string, unknown>>, path: Path, say: Say): boolean {
  const op = found['op']
  if (op === 'present') return presentShape(found, path, say)
  return (
    compareShape(found, path, say) &&
    typeof op === 'string' &&
    valueChecks[op as keyof typeof valueChecks](found['value'], [...path, 'value'], say)
  )
}

const scalar: Check = (found, path, say) =>
  typeof found === 'boolean' ||
  (typeof found === 'string' && found.length <= 1000) ||
  (typeof found === 'number' && Number.isFinite(found)) ||
  wrong(found, path, say, 'a text, a number, true or false')

const filledText = text('a text that is not empty', /^[^]{1,1000}$/)

/** A text, or a list of which one must hold, each of which passes. */
function texts(check: Check): Check {
  const many = list(check, { least: 1, most: listLimit })
  return (found, path, say) => (Array.isArray(found) ? many : check)(found, path, say)
}

const pattern: Check = (found, path, say) => {
  if (typeof found !== 'string' || found === '') return filledText(found, path, say)
  try {
    matcherOf(found)
    return true
  } catch (error) {
    if (!(error instanceof PatternTrouble)) throw error
    say(path, `${shown(found)} at ${error.at}: ${error.message}`, error.now)
    return false
  }
}

const version: Check = (found, path, say) =>
  (typeof found === 'string' && versionTest(found) !== null) ||
  wrong(found, path, say, 'what versions must be, such as >=2.1.0 <3 or ^1.4')

const network: Check = (found, path, say) =>
  (typeof found === 'string' && networkTest([found]) !== null) ||
  wrong(found, path, say, 'an address or range, such as 10.0.0.0/8 or 2001:db8::/32')

const moment: Check = (found, path, say) =>
  (typeof found === 'number'
    ? Number.isFinite(found)
    : typeof found === 'string' && !Number.isNaN(momentOf(found))) ||
  wrong(found, path, say, 'a day as 2026-11-27, a moment as 2026-11-27T09:30:00Z, or milliseconds since 1970')

const valueChecks = {
  present: () => true,
  equals: scalar,
  in: list(scalar, { least: 1, most: listLimit }),
  contains: texts(filledText),
  'starts-with': texts(filledText),
  'ends-with': texts(filledText),
  matches: texts(pattern),
  version: texts(version),
  'in-network': texts(network),
  below: finite,
  'at-most': finite,
  above: finite,
  'at-least': finite,
  before: moment,
  since: moment,
} satisfies Readonly<Record<(typeof operators)[number], Check>>
