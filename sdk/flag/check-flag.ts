import { bound, checkBound } from './check-bound.ts'
import { attributePath, condition, requirement, variantName } from './check-condition.ts'
import { expectations } from './check-expectation.ts'
import {
  type Check,
  finite,
  isObject,
  list,
  type Members,
  object,
  type Say,
  text,
  truth,
  whole,
  word,
  wrong,
} from './check-shape.ts'
import { type Flag, hashNames, type Json } from './flag.ts'
import { isMultiple } from './bound.ts'
import { meant, type Mistake, type Path, shown } from './mistake.ts'

/** All that is wrong with one flag, looked at alone; `mistakesOfSet` sees what it has to do with others. */
export function mistakesOfFlag(flag: unknown): readonly Mistake[] {
  const mistakes: Mistake[] = []
  checkFlag(flag, [], (path, what, now) => mistakes.push({ path, what, now }))
  return mistakes
}

/** All that is wrong with one segment, looked at alone. */
export function mistakesOfSegment(segment: unknown): readonly Mistake[] {
  const mistakes: Mistake[] = []
  checkSegment(segment, [], (path, what, now) => mistakes.push({ path, what, now }))
  return mistakes
}

const variantLimit = 100
const ruleLimit = 500
const weightLimit = 2 ** 31 - 1
const memberLimit = 100_000

const note = object({
  example: '{"signs": "errors of the cart rise"}',
  required: {},
  optional: {
    metrics: list(text('the name of a metric'), { most: 100 }),
    risks: longText(),
    signs: longText(),
    contingency: longText(),
  },
})

const about = object({
  example: '{"owner": "anna", "expires": "2027-01-31"}',
  required: {},
  optional: {
    description: longText(),
    owner: text('who answers for it', /^[^]{1,200}$/),
    tags: list(text('a word', /^[^]{1,100}$/), { most: 100 }),
    expires: text('a day, such as 2027-01-31', /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/),
    note,
  },
})

function longText(): Check {
  return text('a text of at most 10000 characters', /^[^]{0,10000}$/)
}

/** What is drawn lots by; a salt of ours ends in a colon, so that no two say the same with another key. */
const draw: Readonly<Record<string, Check>> = {
  hash: word(hashNames),
  salt: text('a salt: the id of this rule and a colon, such as r7k2m9:', /^[^]{0,500}$/),
}

const by = { by: attributePath }

const share = object({
  example: '{"hash": "tandem-1", "salt": "r7k2m9:", "weight": 10, "of": 100}',
  required: { ...draw, weight: whole(0, weightLimit), of: whole(1, weightLimit) },
  optional: by,
})

const arm = object({
  example: '{"variant": "on", "weight": 50}',
  required: { variant: orNull(variantName), weight: whole(0, weightLimit) },
})

const split = object({
  example: '{"hash": "tandem-1", "salt": "r7k2m9:", "of": 100, "arms": [{"variant": "on", "weight": 100}]}',
  required: { ...draw, of: whole(1, weightLimit), arms: list(arm, { least: 1, most: variantLimit }) },
  optional: by,
})

const rule = object({
  example: '{"id": "r1", "when": {"segment": "beta"}, "serve": "on"}',
  required: {
    id: text('an id of letters, digits, _ and - that never changes, such as r7k2m9', /^[\w-]{1,64}$/),
    serve: (found, path, say) => (isObject(found) ? split : variantName)(found, path, say),
  },
  optional: { name: text('a name'), when: condition, share },
})

const knob = object({
  example: '{"min": 0, "max": 100}',
  required: { min: finite, max: finite },
  optional: { step: finite, unit: text('a unit, such as s or %'), bound },
})

const shape = object({
  example:
    '{"type": "boolean", "on": true, "variants": {"on": true, "off": false}, "default": "off", "off": "off"}',
  required: {
    type: word(['boolean', 'string', 'number', 'object']),
    on: truth,
    variants: variantsCheck,
    default: orNull(variantName),
    off: orNull(variantName),
  },
  optional: {
    requires: list(requirement, { most: 100 }),
    rules: list(rule, { most: ruleLimit }),
    knob,
    watch: expectations,
    about,
  },
})

/** Whether a value is a flag, looked at alone. */
export const checkFlag: Check = (found, path, say) => {
  if (!shape(found, path, say) || !isObject(found)) return false
  let isRight = true
  const tell: Say = (...words) => {
    isRight = false
    say(...words)
  }
  checkVariants(found, path, tell)
  checkServed(found, path, tell)
  checkRules(found['rules'] as readonly Members[] | undefined, path, tell)
  if (found['knob'] !== undefined) checkKnob(found, path, tell)
  return isRight
}

export const checkSegment: Check = (found, path, say) =>
  object({
    example:
      '{"include": ["user-1"], "when": {"attribute": "email", "op": "ends-with", "value": "@example.org"}}',
    required: {},
    optional: {
      include: list(text('a targeting key'), { most: memberLimit }),
      exclude: list(text('a targeting key'), { most: memberLimit }),
      when: condition,
      about,
    },
  })(found, path, say)

function orNull(check: Check): Check {
  return (found, path, say) => found === null || check(found, path, say)
}

function variantsCheck(found: unknown, path: Path, say: Say): boolean {
  if (!isObject(found))
    return wrong(found, path, say, 'the values by name, such as {"on": true, "off": false}')
  const names = Object.keys(found)
  if (names.length < 1 || names.length > variantLimit) {
    say(path, `it has ${names.length} variants`, `have at least one and at most ${variantLimit}`)
    return false
  }
  return names.map((name) => variantName(name, [...path, name], say)).every(Boolean)
}

function checkVariants(flag: Members, path: Path, say: Say): void {
  const type = String(flag['type'])
  for (const [name, value] of Object.entries(flag['variants'] as Members)) {
    const place = [...path, 'variants', name]
    if (typeof value !== type || value === null)
      say(place, `it is ${shown(value)}, and the flag is of type ${type}`, 'have all variants of one type')
    else if (
      typeof value === 'number' &&
      (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
    )
      say(place, `${value} is not the same number in every language`, 'keep between -(2^53 - 1) and 2^53 - 1')
    else if (isDeep(value, 0))
      say(place, `objects lie more than ${depthLimit} deep in each other`, 'flatten it')
    else if (JSON.stringify(value as Json).length > 100_000)
      say(place, 'it is longer than 100000 characters', 'put that into a file, and its name here')
  }
}

const depthLimit = 50

function isDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth > depthLimit || Object.values(value).some((member) => isDeep(member, depth + 1))
}

/** Each variant that is named must be there. */
function checkServed(flag: Members, path: Path, say: Say): void {
  const names = Object.keys(flag['variants'] as Members)
  const mustBe = (name: unknown, place: Path): void => {
    if (typeof name === 'string' && !names.includes(name))
      say(place, `there is no variant '${name}'`, meant(name, names))
  }
  mustBe(flag['default'], [...path, 'default'])
  mustBe(flag['off'], [...path, 'off'])
  ;((flag['rules'] ?? []) as readonly Members[]).forEach(({ serve }, at) => {
    const place = [...path, 'rules', at, 'serve']
    if (!isObject(serve)) mustBe(serve, place)
    else
      (serve['arms'] as readonly Members[]).forEach((each, arm) =>
        mustBe(each['variant'], [...place, 'arms', arm, 'variant']),
      )
  })
}

function checkRules(rules: readonly Members[] = [], path: Path, say: Say): void {
  const ids = rules.map(({ id }) => String(id))
  rules.forEach(({ share: part, serve }, at) => {
    const place = [...path, 'rules', at]
    const twin = ids.indexOf(ids[at] ?? '')
    if (twin !== at)
      say([...place, 'id'], `rules[${twin}] has the id '${ids[at]}' too`, 'give each rule its own')
    if (isObject(part)) {
      checkSalt(part, [...place, 'share'], say)
      if (Number(part['weight']) > Number(part['of']))
        say(
          [...place, 'share', 'weight'],
          `${Number(part['weight'])} is more than the whole, ${Number(part['of'])}`,
          'lower it',
        )
    }
    if (isObject(serve)) checkSplit(serve, [...place, 'serve'], say)
  })
}

function checkSalt({ hash, salt }: Members, path: Path, say: Say): void {
  if (hash === 'tandem-1' && !/^[\w-]{1,64}:$/.test(String(salt)))
    say(
      [...path, 'salt'],
      `it is ${shown(salt)}`,
      'write an id that never changes and a colon, such as r7k2m9:',
    )
}

function checkSplit(serve: Members, path: Path, say: Say): void {
  checkSalt(serve, path, say)
  const sum = (serve['arms'] as readonly Members[]).reduce((total, each) => total + Number(each['weight']), 0)
  if (sum !== serve['of'])
    say(
      [...path, 'arms'],
      `the weights make ${sum}, and the whole is ${Number(serve['of'])}`,
      `make them add up, or write "of": ${sum}`,
    )
}

function checkKnob(flag: Members, path: Path, say: Say): void {
  const { min, max, step } = flag['knob'] as Readonly<{ min: number; max: number; step?: number }>
  if (flag['type'] !== 'number')
    return say(
      [...path, 'knob'],
      `a flag of type ${String(flag['type'])} cannot be turned`,
      'make it a number, or take the knob out',
    )
  if (min > max) return say([...path, 'knob', 'min'], `${min} is more than max, ${max}`, 'swap them')
  if (step !== undefined && step <= 0)
    return say([...path, 'knob', 'step'], `it is ${step}`, 'write more than 0')
  checkBound(flag as Pick<Flag, 'default' | 'knob'>, [...path, 'knob', 'bound'], say)
  for (const [name, value] of Object.entries(flag['variants'] as Readonly<Record<string, number>>)) {
    const place = [...path, 'variants', name]
    if (value < min || value > max) say(place, `${value} is out of bounds`, `keep from ${min} to ${max}`)
    else if (step !== undefined && !isMultiple(value - min, step))
      say(place, `${value} lies between two steps`, `go in steps of ${step} from ${min}`)
  }
}
