import type { Arm, Condition, Rule, Share, Split } from '../../../../sdk/flag/flag.ts'
import { NoEqual } from '../remark.ts'
import { conditionIn, deeper, everybody, operation, type Reading, shown, variableIn } from './condition-in.ts'
import { inside, type Logic, nobodys, outside } from './logic.ts'

/** What a targeting gives those whom all of `when` describes. */
type Leaf = Readonly<{
  when: readonly Condition[]
  /** Of them so many; the others go on. */
  share?: Share
  gives: Readonly<{ variant: string }> | Readonly<{ split: Split }> | 'default'
}>

export type Target = Reading & Readonly<{ variants: readonly string[]; fallback: string | null }>

/** The rules that a targeting comes to. Throws NoEqual. */
export function rulesIn(targeting: Logic, target: Target): readonly Rule[] {
  const leaves = leavesOf(targeting, [], target)
  const last = leaves.findLastIndex(({ gives }) => gives !== 'default')
  const rules: Omit<Rule, 'id'>[] = []
  /** Those who are left to the program, whom no later rule may take in. */
  const left: Condition[] = []
  for (const { when, share, gives } of leaves.slice(0, last + 1)) {
    if (gives === 'default' && target.fallback === null) {
      if (share !== undefined) throw new NoEqual('it leaves a share of people to the program')
      left.push({ not: together(when) })
      continue
    }
    const all = [...left, ...when]
    const serve =
      gives === 'default' ? (target.fallback ?? '') : 'split' in gives ? gives.split : gives.variant
    rules.push({
      ...(all.length > 0 && { when: together(all) }),
      ...(share !== undefined && { share }),
      serve,
    })
  }
  return rules.map((rule, at) => ({ id: `r${at + 1}`, ...rule }))
}

function together(conditions: readonly Condition[]): Condition {
  const [only = everybody] = conditions
  return conditions.length < 2 ? only : { all: conditions }
}

/** Each expression decides for everybody whom `when` describes, so that the first leaf that takes somebody in is theirs. */
function leavesOf(logic: Logic, when: readonly Condition[], above: Target): readonly Leaf[] {
  const target = deeper(above)
  if (logic === null) return [{ when, gives: 'default' }]
  if (typeof logic === 'string') return [{ when, gives: { variant: mustBe(logic, target) } }]
  if (typeof logic === 'boolean') return [{ when, gives: { variant: mustBe(String(logic), target) } }]
  const found = operation(logic)
  if (found === null) throw new NoEqual(`its targeting gives ${shown(logic)}, which is no variant`)
  if (found.operator === 'if' || found.operator === '?:') return casesOf(found.given, when, target)
  if (found.operator === 'fractional') return splitOf(found.given, when, target)
  return [...leavesOf(true, [...when, truthIn(logic, target)], target), ...leavesOf(false, when, target)]
}

/** A condition where a variant is asked for: flagd takes `true` and `false` for the names of variants. */
function truthIn(logic: Logic, target: Target): Condition {
  if (!isTruth(logic)) throw new NoEqual(`its targeting gives what ${shown(logic)} comes to`)
  return conditionIn(logic, target)
}

const truths = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', '!', '!!', 'in'])

function isTruth(logic: Logic): boolean {
  const found = operation(logic)
  if (found === null) return typeof logic === 'boolean'
  const { operator, given } = found
  return truths.has(operator) || ((operator === 'and' || operator === 'or') && given.every(isTruth))
}

function casesOf(given: readonly Logic[], when: readonly Condition[], target: Target): readonly Leaf[] {
  const [test = null, then, ...rest] = given
  if (then === undefined) return leavesOf(test, when, target)
  const others = () => casesOf(rest, when, target)
  const { conditions, share, isLeaving } = testsIn(test, target)
  const taken = leavesOf(then, [...when, ...conditions], target)
  // Where an arm goes on to the next rule, so do those without a key.
  const own = isLeaving ? taken.filter(({ gives }) => gives !== 'default') : taken
  return [...own.map((leaf) => ({ ...leaf, ...(share !== null && { share }) })), ...others()]
}

type Tests = Readonly<{ conditions: readonly Condition[]; share: Share | null; isLeaving: boolean }>

/** The test of a case. Our own shares, and arms that go on, are known again by how they are written. */
function testsIn(test: Logic, target: Target): Tests {
  const found = operation(test)
  const tests = found?.operator === 'and' ? found.given : [test]
  const lots = tests.map((each) => lotsIn(each))
  const plain = tests.filter((_, at) => lots[at] === null && tests[at] !== true)
  const drawn = lots.filter((each) => each !== null)
  const shares = drawn.filter(({ gives }) => gives === inside)
  if (shares.length > 1) throw new NoEqual('it draws lots twice for one case')
  const [share = null] = shares.map(({ given }) => shareIn(given, target))
  const isLeaving = drawn.some(({ gives }) => gives === nobodys)
  return { conditions: plain.map((each) => conditionIn(each, target)), share, isLeaving }
}

/** `fractional` in a comparison. */
function lotsIn(test: Logic): Readonly<{ given: readonly Logic[]; gives: Logic }> | null {
  const found = operation(test)
  const [lots = null, gives = null] = found?.given ?? []
  const isOurs =
    (found?.operator === '===' && gives === inside) || (found?.operator === '!==' && gives === nobodys)
  const drawn = operation(lots)
  return isOurs && drawn?.operator === 'fractional' ? { given: drawn.given, gives } : null
}

function shareIn(given: readonly Logic[], target: Target): Share {
  const [leaf] = splitOf(given, [], { ...target, variants: [inside, outside] })
  if (leaf === undefined || leaf.gives === 'default' || !('split' in leaf.gives))
    throw new NoEqual('it has a share of nothing')
  const { arms, ...draw } = leaf.gives.split
  return { ...draw, weight: arms[0]?.weight ?? 0 }
}

function mustBe(variant: string, { variants }: Target): string {
  if (!variants.includes(variant))
    throw new NoEqual(`its targeting gives '${variant}', and there is no such variant`)
  return variant
}

/** Those without a key, or whose arm has no variant, are left to the default. */
function splitOf(given: readonly Logic[], when: readonly Condition[], target: Target): readonly Leaf[] {
  const [first = null] = given
  const isDrawn = !Array.isArray(first)
  const { salt, by } = isDrawn ? drawnBy(first, target) : { salt: target.flag, by: null }
  const arms = (isDrawn ? given.slice(1) : given).map((each) => armOf(each, target))
  const of = arms.reduce((sum, { weight }) => sum + weight, 0)
  if (of > 2 ** 31 - 1) throw new NoEqual(`the weights of its split make ${of}, which flagd does not take`)
  const rest: Leaf = { when, gives: 'default' }
  if (of === 0) return [rest]
  target.tell(
    'its lots are drawn as flagd does since 0.16 (`flagd-v2`): whom an earlier one put elsewhere is dealt anew',
  )
  const split: Split = { hash: 'flagd-v2', salt, ...(by !== null && { by }), of, arms }
  // An arm that is the whole takes in those without a key as well.
  const keyed: Condition = { attribute: by ?? 'targetingKey', op: 'present' }
  return [{ when: [...when, keyed], gives: { split } }, rest]
}

function armOf(logic: Logic, target: Target): Arm {
  const [variant = null, weight = 1] = Array.isArray(logic) ? (logic as readonly Logic[]) : [{}]
  if (typeof weight !== 'number' || !Number.isInteger(weight))
    throw new NoEqual(`a part of its split weighs ${shown(weight)}: weights are whole numbers here`)
  if (variant === null || variant === nobodys) return { variant: null, weight: Math.max(0, weight) }
  if (typeof variant === 'object') throw new NoEqual(`a part of its split gives ${shown(variant)}`)
  return { variant: mustBe(String(variant), target), weight: Math.max(0, weight) }
}

/** What a split hashes: the salt, and which attribute follows it. */
function drawnBy(logic: Logic, target: Target): Readonly<{ salt: string; by: string | null }> {
  const found = operation(logic)
  const parts = found?.operator === 'cat' ? found.given : [logic]
  const salt = parts.slice(0, -1).map((part) => saltOf(part, target))
  const attribute = variableIn(parts.at(-1) ?? null)
  target.tell(`people without '${attribute}' all draw one lot in flagd; here they get the default`)
  return { salt: salt.join(''), by: attribute === 'targetingKey' ? null : attribute }
}

function saltOf(part: Logic, { flag }: Target): string {
  if (typeof part === 'string') return part
  if (operation(part)?.operator === 'var' && operation(part)?.given[0] === '$flagd.flagKey') return flag
  throw new NoEqual(`it draws lots by ${shown(part)}: here by a text and then an attribute`)
}
