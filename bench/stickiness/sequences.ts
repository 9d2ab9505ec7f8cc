import type { Random } from '../../lab/random.ts'
import { type Flag, hashNames, type Rule } from '../../sdk/flag/flag.ts'

/** A rollout that people edit: its states one after the other, and who is asked for. */
export type Sequence = Readonly<{ states: readonly State[]; keys: readonly string[] }>

/** The flag after an edit; `share` is how many of all people it is to reach. */
export type State = Readonly<{ flag: Flag; share: number }>

const onOff = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
} as const

/** Grows, shrinks and grows back, is renamed and gets rules behind it; hash and salt stay. */
export function drawSequence(random: Random, edits: number, keys: number): Sequence {
  const hash = random.pick(hashNames)
  const draw = { hash, salt: `r${random.between(0, 1e9).toString(36)}:` }
  const isSplit = random.next() < 0.5
  // Unleash takes the remainder by the whole, so that another whole is another draw.
  const wholes = hash === 'unleash' ? [random.pick([100, 1000])] : [100, 1000, 7, 4_194_307]
  const weights: (readonly [number, number])[] = []
  while (weights.length <= edits) {
    const of = random.pick(wholes)
    const isBack = weights.length > 1 && random.next() < 0.4
    weights.push(isBack ? random.pick(weights) : [random.between(0, of), of])
  }
  const states = weights.map(([weight, of], at) => {
    const arms = [
      { variant: 'on', weight },
      { variant: null, weight: of - weight },
    ]
    const rule: Rule = {
      id: 'rollout',
      name: `edit ${at}`,
      ...(isSplit ? { serve: { ...draw, of, arms } } : { share: { ...draw, weight, of }, serve: 'on' }),
    }
    const behind: Rule = { id: 'behind', when: { attribute: 'nobody', op: 'equals', value: at }, serve: 'on' }
    return { flag: { ...onOff, rules: random.next() < 0.5 ? [rule] : [rule, behind] }, share: weight / of }
  })
  return { states, keys: Array.from({ length: keys }, () => drawKey(random)) }
}

/** Texts of all planes of Unicode, half of a pair now and then, and what people really use. */
export function drawKey(random: Random): string {
  const kind = random.next()
  if (kind < 0.3) return `user-${random.between(0, 1e9)}`
  const length = random.between(1, 12)
  return Array.from({ length }, () => drawUnit(random)).join('')
}

function drawUnit(random: Random): string {
  const kind = random.next()
  if (kind < 0.3) return String.fromCharCode(random.between(0x20, 0x7e))
  if (kind < 0.32) return String.fromCharCode(random.between(0xd800, 0xdfff))
  const plane = random.between(0, 16)
  const point = plane * 0x10000 + random.between(0, 0xffff)
  return String.fromCodePoint(point)
}
