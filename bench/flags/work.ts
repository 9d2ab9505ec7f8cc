import { flagsOf, type Flags } from '../../sdk/flags.ts'
import { begin, finish } from '../../sdk/hash/murmur3.ts'

/** Somebody who is asked for. */
export type Person = Readonly<{
  targetingKey: string
  email: string
  country: string
  plan: string
  age: number
  device: string
  version: string
}>

export const flagKeys = ['static', 'rule', 'segment'] as const
export type FlagKey = (typeof flagKeys)[number]

/** A system with the three flags in it: what it gives a person, by their number. */
export type Asked = Readonly<{
  name: string
  ask: (key: FlagKey, person: number) => boolean
  close: () => void
}>

/** The same thousand people each time, no two alike. */
export function makePeople(): readonly Person[] {
  return Array.from({ length: 1000 }, (_, at) => ({
    targetingKey: `user-${at}`,
    email: `user${at}@example.${at % 5 === 0 ? 'com' : 'org'}`,
    country: ['DE', 'FR', 'US', 'NL', 'CH', 'GB', 'ES'][at % 7] ?? 'DE',
    plan: at % 3 === 0 ? 'gold' : 'free',
    age: 18 + (at % 60),
    device: at % 10 === 0 ? 'iPhone 15' : 'Pixel 9',
    version: `1.${at % 20}.0`,
  }))
}

export const share = { hash: 'tandem-1', salt: 'r7k2m9:', weight: 50, of: 100 } as const

const onOff = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
} as const

/** The three flags as Tandem has them. */
export const tandemSet = {
  flags: {
    static: { ...onOff, default: 'on' },
    rule: {
      ...onOff,
      rules: [
        {
          id: 'r7k2m9',
          when: { attribute: 'email', op: 'ends-with', value: '@example.org' },
          share,
          serve: 'on',
        },
      ],
    },
    segment: {
      ...onOff,
      rules: [
        {
          id: 'a',
          when: {
            all: [
              { attribute: 'country', op: 'in', value: ['CH', 'AT'] },
              { attribute: 'plan', op: 'equals', value: 'gold' },
            ],
          },
          serve: 'on',
        },
        { id: 'b', when: { attribute: 'device', op: 'starts-with', value: 'iP' }, serve: 'on' },
        { id: 'c', when: { attribute: 'age', op: 'above', value: 70 }, serve: 'on' },
        { id: 'd', when: { attribute: 'version', op: 'equals', value: '9.9.9' }, serve: 'on' },
        { id: 'e', when: { segment: 'beta' }, serve: 'on' },
      ],
    },
  },
  segments: {
    beta: {
      when: {
        all: [
          { attribute: 'email', op: 'ends-with', value: '@example.org' },
          { attribute: 'country', op: 'in', value: ['DE', 'NL'] },
        ],
      },
    },
  },
} as const

export function openTandem(people: readonly Person[]): Asked & Readonly<{ flags: Flags }> {
  const flags = flagsOf(tandemSet)
  return { name: 'tandem', flags, ask: (key, at) => flags.boolean(key, false, people[at]), close: () => {} }
}

/**
 * The floor: the same three decisions as a good hand writes them into a program, with the same hash begun after the same
 * salt, and nothing that is looked up, counted or checked.
 */
export function openHand(people: readonly Person[]): Asked {
  const begun = begin(share.salt, 0)
  const isTester = ({ email, country }: Person): boolean =>
    email.endsWith('@example.org') && (country === 'DE' || country === 'NL')
  const decide = {
    static: (): boolean => true,
    rule: ({ email, targetingKey }: Person): boolean =>
      email.endsWith('@example.org') && finish(begun, targetingKey) >>> 0 < 2 ** 31,
    segment: (person: Person): boolean =>
      ((person.country === 'CH' || person.country === 'AT') && person.plan === 'gold') ||
      person.device.startsWith('iP') ||
      person.age > 70 ||
      person.version === '9.9.9' ||
      isTester(person),
  }
  return {
    name: 'hand-written',
    ask: (key, at) => {
      const person = people[at]
      return person !== undefined && decide[key](person)
    },
    close: () => {},
  }
}

/** Nobody is asked: what the counting costs alone. */
export function openNothing(people: readonly Person[]): Asked {
  return { name: 'nothing', ask: (_, at) => people[at] !== undefined, close: () => {} }
}
