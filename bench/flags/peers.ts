import { createRequire } from 'node:module'
import { join } from 'node:path'
import { npmPeers } from '../lib/npm-peers.ts'
import { type Asked, flagKeys, type Person, share } from './work.ts'

/** Each peer as its own documents say that servers use it, with the same three flags in its own words. */
export async function openPeers(people: readonly Person[]): Promise<readonly Asked[]> {
  const load = createRequire(
    join(await npmPeers(join(import.meta.dirname, 'peers'), 'flag-peers'), 'package.json'),
  )
  return [flagd(load, people), await unleash(load, people), growthBook(load, people)]
}

const onOff = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' }
const attribute = (name: string): object => ({ var: name })

type FlagdCore = Readonly<{
  setConfigurations: (text: string) => unknown
  resolveBooleanEvaluation: (key: string, fallback: boolean, context: object) => Readonly<{ value: boolean }>
}>

function flagd(load: NodeJS.Require, people: readonly Person[]): Asked {
  const { FlagdCore: Core } = load('@openfeature/flagd-core') as { FlagdCore: new () => FlagdCore }
  const core = new Core()
  const lots = { fractional: [{ cat: [share.salt, attribute('targetingKey')] }, ['on', 50], ['off', 50]] }
  const rules = [
    { and: [{ in: [attribute('country'), ['CH', 'AT']] }, { '==': [attribute('plan'), 'gold'] }] },
    { starts_with: [attribute('device'), 'iP'] },
    { '>': [attribute('age'), 70] },
    { '==': [attribute('version'), '9.9.9'] },
    { $ref: 'beta' },
  ]
  const beta = {
    and: [{ ends_with: [attribute('email'), '@example.org'] }, { in: [attribute('country'), ['DE', 'NL']] }],
  }
  core.setConfigurations(
    JSON.stringify({
      flags: {
        static: { ...onOff, defaultVariant: 'on' },
        rule: {
          ...onOff,
          targeting: { if: [{ ends_with: [attribute('email'), '@example.org'] }, lots, 'off'] },
        },
        segment: { ...onOff, targeting: { if: [...rules.flatMap((rule) => [rule, 'on']), 'off'] } },
      },
      $evaluators: { beta },
    }),
  )
  const contexts = people.map((person) => ({ ...person }))
  return {
    name: 'flagd-core',
    ask: (key, at) => core.resolveBooleanEvaluation(key, false, contexts[at] ?? {}).value,
    close: () => {},
  }
}

type UnleashClient = Readonly<{
  start: () => Promise<void>
  on: (event: string, listener: () => void) => void
  isEnabled: (key: string, context: object) => boolean
  destroy: () => void
}>

async function unleash(load: NodeJS.Require, people: readonly Person[]): Promise<Asked> {
  const { Unleash, InMemStorageProvider } = load('unleash-client') as {
    Unleash: new (options: object) => UnleashClient
    InMemStorageProvider: new () => object
  }
  const constraint = (contextName: string, operator: string, values: readonly string[]): object => ({
    contextName,
    operator,
    values,
    value: values[0],
    inverted: false,
    caseInsensitive: false,
  })
  const strategy = (constraints: readonly object[], segments: readonly number[] = []): object => ({
    name: 'default',
    parameters: {},
    constraints,
    segments,
  })
  const suffix = constraint('email', 'STR_ENDS_WITH', ['@example.org'])
  const rollout = {
    name: 'flexibleRollout',
    parameters: { rollout: '50', stickiness: 'userId', groupId: 'r7k2m9' },
    constraints: [suffix],
  }
  const rules = [
    strategy([constraint('country', 'IN', ['CH', 'AT']), constraint('plan', 'IN', ['gold'])]),
    strategy([constraint('device', 'STR_STARTS_WITH', ['iP'])]),
    strategy([constraint('age', 'NUM_GT', ['70'])]),
    strategy([constraint('version', 'IN', ['9.9.9'])]),
    strategy([], [1]),
  ]
  const feature = (name: string, strategies: readonly object[]): object => ({
    name,
    enabled: true,
    strategies,
  })
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/api/',
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: {
      data: [feature('static', [strategy([])]), feature('rule', [rollout]), feature('segment', rules)],
      segments: [{ id: 1, constraints: [suffix, constraint('country', 'IN', ['DE', 'NL'])] }],
    },
  })
  // There is no server behind it, and it says so.
  for (const event of ['error', 'warn']) client.on(event, () => {})
  const ready = new Promise<void>((resolve) => client.on('ready', resolve))
  await Promise.all([client.start(), ready])
  const contexts = people.map(({ targetingKey, age, ...properties }) => ({
    userId: targetingKey,
    properties: { ...properties, age: String(age) },
  }))
  return {
    name: 'unleash-client',
    ask: (key, at) => client.isEnabled(key, contexts[at] ?? {}),
    close: () => client.destroy(),
  }
}

type GrowthBookClient = Readonly<{
  initSync: (options: object) => unknown
  isOn: (key: string, user: object) => boolean
}>

function growthBook(load: NodeJS.Require, people: readonly Person[]): Asked {
  const { GrowthBookClient: Client } = load('@growthbook/growthbook') as {
    GrowthBookClient: new () => GrowthBookClient
  }
  const client = new Client()
  const suffix = { $regex: '@example\\.org$' }
  const conditions = [
    { country: { $in: ['CH', 'AT'] }, plan: 'gold' },
    { device: { $regex: '^iP' } },
    { age: { $gt: 70 } },
    { version: '9.9.9' },
    { email: suffix, country: { $in: ['DE', 'NL'] } },
  ]
  const lots = { coverage: 0.5, hashAttribute: 'id', seed: 'r7k2m9', hashVersion: 2 }
  client.initSync({
    payload: {
      features: {
        static: { defaultValue: true },
        rule: { defaultValue: false, rules: [{ condition: { email: suffix }, force: true, ...lots }] },
        segment: { defaultValue: false, rules: conditions.map((condition) => ({ condition, force: true })) },
      },
    },
  })
  const users = people.map(({ targetingKey, ...attributes }) => ({
    attributes: { id: targetingKey, ...attributes },
  }))
  return { name: 'growthbook', ask: (key, at) => client.isOn(key, users[at] ?? {}), close: () => {} }
}

/** Refuses to measure what does not do the same work: who is in a share differs with the hash, but not how many. */
export function mustAgree(all: readonly Asked[], people: readonly Person[]): void {
  const [first, ...others] = all
  if (first === undefined) return
  for (const key of flagKeys) {
    const expected = people.map((_, at) => first.ask(key, at))
    for (const { name, ask } of others) {
      const found = people.map((_, at) => ask(key, at))
      const different = found.filter((answer, at) => answer !== expected[at]).length
      const isDrawn = key === 'rule' && (name === 'unleash-client' || name === 'growthbook')
      const [ours, theirs] = [expected, found].map((answers) => answers.filter(Boolean).length)
      const isNear = Math.abs((ours ?? 0) - (theirs ?? 0)) < people.length * 0.08
      if (isDrawn ? !isNear : different > 0)
        throw new Error(
          `${name} gives ${theirs} of ${people.length} what ${first.name} gives ${ours}: ${key}`,
        )
    }
  }
}
