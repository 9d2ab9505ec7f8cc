import type { Draw, Rule, Share, Split } from '../../../../sdk/flag/flag.ts'
import { allOf, type Building, conditionLogic, variable } from './condition-out.ts'
import { inside, type Logic, nobodys, outside } from './logic.ts'

/** The variant that rules give, one after the other; `last` where none decides. */
export function rulesLogic(rules: readonly Rule[], last: string | null, building: Building): Logic {
  const cases: Logic[] = []
  for (const rule of rules) {
    building.spend()
    const tests = [
      ...(rule.when === undefined ? [] : [conditionLogic(rule.when, building)]),
      ...(rule.share === undefined ? [] : shareLogic(rule.share, building)),
    ]
    const given = typeof rule.serve === 'string' ? givenTo(rule.serve) : splitLogic(rule.serve, building)
    if (given === null) continue
    const holds = allOf([...tests, ...given.tests])
    cases.push(holds, given.variant)
    if (holds === true) break
  }
  // Whoever the last case takes in entirely needs no further word.
  const [first, variant = null] = cases
  if (first === undefined) return last
  if (first === true) return variant
  return { if: last === null ? cases : [...cases, last] }
}

type Given = Readonly<{ tests: readonly Logic[]; variant: Logic }>

function givenTo(variant: string): Given {
  return { tests: [], variant }
}

/** That somebody is in the share. */
function shareLogic(share: Share, building: Building): readonly Logic[] {
  if (share.weight === share.of) return []
  if (share.weight === 0) return [false]
  const lots = fractional(share, [
    [inside, share.weight],
    [outside, share.of - share.weight],
  ])
  tellOfLots(share, building)
  return [keyed(share), { '===': [lots, inside] }]
}

/** The arm of a split; null when nobody gets one of its arms. */
function splitLogic(split: Split, building: Building): Given | null {
  const arms = split.arms.filter(({ weight }) => weight > 0)
  const [only] = arms
  if (only === undefined || arms.every(({ variant }) => variant === null)) return null
  if (arms.length === 1) return givenTo(only.variant ?? nobodys)
  tellOfLots(split, building)
  const lots = fractional(
    split,
    arms.map(({ variant, weight }) => [variant ?? nobodys, weight]),
  )
  const leaves = arms.some(({ variant }) => variant === null)
  return { tests: [keyed(split), ...(leaves ? [{ '!==': [lots, nobodys] }] : [])], variant: lots }
}

function fractional({ salt, by }: Draw, parts: readonly Logic[]): Logic {
  return { fractional: [{ cat: [salt, variable(by ?? 'targetingKey')] }, ...parts] }
}

/** Flagd would draw a lot for those without a key too, all of them the same. */
function keyed({ by }: Draw): Logic {
  return { '!!': [variable(by ?? 'targetingKey')] }
}

function tellOfLots({ hash, by }: Draw, { tell }: Building): void {
  if (hash !== 'tandem-1' && hash !== 'flagd-v2')
    tell(`it draws lots as \`${hash}\` does, which flagd cannot: people are dealt anew there`)
  if (by !== undefined)
    tell('its lots are drawn by an attribute: where that is no text, languages of flagd write it differently')
}
