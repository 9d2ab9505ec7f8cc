import type { AttributePath, Condition, Rule, Share } from '../../../../sdk/flag/flag.ts'
import { NoEqual, type Tell } from '../remark.ts'
import { attributeIn, constraintIn } from './constraint-in.ts'
import type { Strategy } from './shape.ts'

/** What strategies are read with. */
export type Around = Readonly<{ feature: string; tell: Tell; segment: (id: number) => Condition }>

/** Whom a strategy takes in; null for nobody. */
export type Taken = Pick<Rule, 'when' | 'share'>

/** Throws NoEqual for a strategy that only Unleash, or the team itself, knows. */
export function strategyIn(strategy: Strategy, around: Around): Taken | null {
  const own = takenBy(strategy, around)
  if (own === null) return null
  const conditions = [
    ...(strategy.constraints ?? []).map(constraintIn),
    ...(strategy.segments ?? []).map(around.segment),
    ...(own.when === undefined ? [] : [own.when]),
  ]
  const [only] = conditions
  if (only === undefined) return own
  return { ...own, when: conditions.length === 1 ? only : { all: conditions } }
}

function takenBy({ name, parameters }: Strategy, around: Around): Taken | null {
  const given = parameters ?? {}
  const listed = (text = ''): readonly string[] => text.split(/\s*,\s*/).filter((word) => word !== '')
  switch (name) {
    case 'default':
      return {}
    case 'flexibleRollout':
      return rollout(given['rollout'], given['stickiness'] ?? 'default', given['groupId'], around)
    case 'gradualRolloutUserId':
      return rollout(given['percentage'], 'userId', given['groupId'], around)
    case 'gradualRolloutSessionId':
      return rollout(given['percentage'], 'sessionId', given['groupId'], around)
    case 'userWithId': {
      const ids = listed(given['userIds'])
      return ids.length === 0 ? null : { when: { attribute: 'targetingKey', op: 'in', value: ids } }
    }
    case 'remoteAddress': {
      const ranges = listed(given['IPs'])
      return ranges.length === 0
        ? null
        : { when: { attribute: 'remoteAddress', op: 'in-network', value: ranges } }
    }
    case 'gradualRolloutRandom':
      return rollout(given['percentage'], 'random', given['groupId'], around)
    default:
      throw new NoEqual(`its strategy '${name}' is not one that is known here`)
  }
}

function rollout(
  percentage: string | undefined,
  stickiness: string,
  group: string | undefined,
  around: Around,
): Taken | null {
  const weight = Math.floor(Number(percentage))
  if (Number.isNaN(weight)) throw new NoEqual(`it goes to '${percentage ?? ''}' percent`)
  if (weight <= 0) return null
  const by = stuckTo(stickiness, around.tell)
  // Unleash draws a lot for everybody but those who lack what was named.
  const isNamed = stickiness !== 'default' && stickiness !== 'random'
  if (weight >= 100) return isNamed ? { when: { attribute: by, op: 'present' } } : {}
  const share: Share = { ...unleashDraw(groupOf(group, around), by), weight, of: 100 }
  return { share }
}

export function groupOf(group: string | undefined, { feature, tell }: Around): string {
  if (group !== undefined && group !== '') return group
  tell('it names no group to draw lots with: its key is taken, as Unleash does in most languages')
  return feature
}

export function unleashDraw(salt: string, by: AttributePath): Pick<Share, 'hash' | 'salt' | 'by'> {
  return { hash: 'unleash', salt, ...(by !== 'targetingKey' && { by }) }
}

/** The attribute that lots are drawn by. */
export function stuckTo(stickiness: string, tell: Tell): AttributePath {
  if (stickiness === 'random') {
    tell('Unleash draws a new lot each time; here everybody keeps theirs, by targetingKey')
    return 'targetingKey'
  }
  if (stickiness !== 'default') return attributeIn(stickiness)
  tell(
    'its lots are drawn by targetingKey (userId); who has none, whom Unleash deals by session or at random, is passed over',
  )
  return 'targetingKey'
}
