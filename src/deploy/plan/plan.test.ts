import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepsOf } from '../../change/plan.ts'
import type { Facts } from './facts.ts'
import type { Manifest } from '../../ci/artifact/manifest.ts'
import { planDeploy, type PlanInput } from './plan.ts'
import { bareFacts, tryDeployment, trySpec } from '../try-deployment.ts'

const old = 'a'.repeat(64)
const deployment = tryDeployment()
const manifest: Manifest = [{ type: 'file', path: 'server.js', mode: 0o644, size: 3, sha256: '1'.repeat(64) }]

const withOld: Facts = {
  ...bareFacts,
  slots: { a: { release: old, specHash: deployment.specHash, pid: 77 }, b: null },
  live: 'a',
  frontHash: 'f',
  releases: new Map([[old, 'healthy']]),
}

const input = (facts: Facts | null, more: Partial<PlanInput> = {}): PlanInput => ({
  deployment,
  facts: new Map(deployment.hosts.map((host) => [host, facts])),
  frontHashes: new Map(deployment.hosts.map((host) => [host, 'f'])),
  manifest,
  known: new Map([[old, []]]),
  commits: [],
  origin: [],
  warnings: [],
  isForward: true,
  ...more,
})

const shape = (wanted: PlanInput): readonly string[] =>
  planDeploy(wanted).stages.map(({ name, steps }) => `${name}: ${steps.map(({ id }) => id).join(', ')}`)

test('everything is prepared everywhere, then one canary is switched, then the rest', () => {
  assert.deepEqual(shape(input(bareFacts)), [
    'prepare: prepare h1, prepare h2, prepare h3',
    'canary: switch h1',
    'rest: switch h2, switch h3',
  ])
  assert.deepEqual(
    planDeploy(input(bareFacts)).settle.map(({ id }) => id),
    ['confirm h1', 'confirm h2', 'confirm h3'],
  )
})

test('the new release goes into the slot that is not live, and travels as what the old one lacks', () => {
  const { stages } = planDeploy(input(withOld))
  assert.deepEqual(stages[0]?.steps[0]?.input, { slot: 'b', oldSlot: 'a', base: old, isWarm: false })
})

test('a release whose manifest the hub has lost travels whole', () => {
  const { stages } = planDeploy(input(withOld, { known: new Map() }))
  assert.deepEqual(stages[0]?.steps[0]?.input, { slot: 'b', oldSlot: 'a', base: null, isWarm: false })
})

test('a release that still runs in its slot is only switched to', () => {
  const warm: Facts = {
    ...withOld,
    slots: { ...withOld.slots, b: { release: deployment.release, specHash: deployment.specHash, pid: 78 } },
  }
  assert.deepEqual(shape(input(warm)), ['canary: switch h1', 'rest: switch h2, switch h3'])
})

const warmButs: readonly Readonly<{ why: string; facts: Partial<Facts>; pid: number; specHash: string }>[] = [
  { why: 'its process has ended', facts: {}, pid: 0, specHash: deployment.specHash },
  { why: 'its settings are others', facts: {}, pid: 78, specHash: 'ffffffffffffffff' },
  {
    why: 'the front has other settings by now',
    facts: { frontHash: 'g' },
    pid: 78,
    specHash: deployment.specHash,
  },
]

test('a warm release that is not quite what is wanted is prepared anew', () => {
  for (const { why, facts, pid, specHash } of warmButs) {
    const warm: Facts = {
      ...withOld,
      ...facts,
      slots: { ...withOld.slots, b: { release: deployment.release, specHash, pid } },
    }
    assert.equal(shape(input(warm))[0], 'prepare: prepare h1, prepare h2, prepare h3', why)
  }
})

test('a host that has it already is left alone', () => {
  const has: Facts = {
    ...withOld,
    slots: { a: { release: deployment.release, specHash: deployment.specHash, pid: 77 }, b: null },
  }
  const plan = planDeploy(input(has))
  assert.deepEqual(stepsOf(plan), [])
  assert.deepEqual(
    plan.lines.slice(1).map(({ text }) => text),
    deployment.hosts.map((host) => `${host}: has bbbbbbb already`),
  )
})

test('a host whose live process or front has ended is done again', () => {
  const live = { release: deployment.release, specHash: deployment.specHash, pid: 0 }
  const dead: Facts = { ...withOld, slots: { a: live, b: null } }
  assert.equal(shape(input(dead)).length, 3)
  const frontless: Facts = { ...withOld, frontHash: null, slots: { a: { ...live, pid: 77 }, b: null } }
  assert.equal(shape(input(frontless)).length, 3)
})

test('a host that was caught in the middle of a switch is done again', () => {
  const caught: Facts = {
    ...withOld,
    isFlipping: true,
    slots: { a: { release: deployment.release, specHash: deployment.specHash, pid: 77 }, b: null },
  }
  assert.equal(shape(input(caught)).length, 3)
})

test('a host that cannot be reached is fenced and has no step', () => {
  const facts = new Map<string, Facts | null>([
    ['h1', bareFacts],
    ['h2', null],
    ['h3', bareFacts],
  ])
  const plan = planDeploy(input(bareFacts, { facts }))
  assert.deepEqual(plan.fenced, ['h2'])
  assert.ok(stepsOf(plan).every(({ host }) => host !== 'h2'))
})

test('a migration runs once, with the files on every host and the new release started on none', () => {
  const hooks = { before: 'node warm.js', after: null }
  const migrating = { ...deployment, spec: trySpec({ migrate: 'node migrate.js', hooks }) }
  assert.deepEqual(shape(input(bareFacts, { deployment: migrating })).slice(0, 5), [
    'files: files h1, files h2, files h3',
    'migrate: migrate h1',
    'prepare: start h1, start h2, start h3',
    'before: before h1, before h2, before h3',
    'canary: switch h1',
  ])
  assert.deepEqual(shape(input(bareFacts, { deployment: migrating, isForward: false })), [
    'prepare: prepare h1, prepare h2, prepare h3',
    'all: switch h1, switch h2, switch h3',
  ])
})

test('a migration comes before the switch that starts an app without a front', () => {
  const bare = { ...deployment, spec: trySpec({ migrate: 'node migrate.js', front: 'none' }) }
  assert.deepEqual(shape(input(bareFacts, { deployment: bare })).slice(0, 3), [
    'files: files h1, files h2, files h3',
    'migrate: migrate h1',
    'canary: switch h1',
  ])
})

test('a migration and a hook are said to stay, everything else can be undone', () => {
  const hooks = { before: 'node warm.js', after: null }
  const migrating = { ...deployment, spec: trySpec({ migrate: 'node migrate.js', hooks }) }
  const steps = stepsOf(planDeploy(input(bareFacts, { deployment: migrating })))
  const staying = steps.filter(({ cannotUndo }) => cannotUndo !== null)
  assert.deepEqual([...new Set(staying.map(({ action }) => action))], ['migrate', 'before'])
})

test('the hook after runs once every host is confirmed', () => {
  const hooked = { ...deployment, spec: trySpec({ hooks: { before: null, after: 'node warm.js' } }) }
  const { settle } = planDeploy(input(bareFacts, { deployment: hooked }))
  assert.deepEqual(
    settle.map(({ action }) => action),
    ['confirm', 'confirm', 'confirm', 'after', 'after', 'after'],
  )
  assert.deepEqual(
    settle.map(({ cannotUndo }) => cannotUndo !== null),
    [false, false, false, true, true, true],
  )
})

test('stages by percent and by count reach every host once', () => {
  const hosts = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h7', 'h8']
  const stages = [
    { name: 'canary', share: { type: 'hosts', hosts: 1 } },
    { name: '50%', share: { type: 'percent', percent: 50 } },
    { name: 'rest', share: { type: 'percent', percent: 100 } },
  ] as const
  const wide = { ...deployment, hosts, stages }
  const facts = new Map(hosts.map((host) => [host, bareFacts]))
  assert.deepEqual(shape(input(bareFacts, { deployment: wide, facts })).slice(1), [
    'canary: switch h1',
    '50%: switch h2, switch h3, switch h4',
    'rest: switch h5, switch h6, switch h7, switch h8',
  ])
})

test('an app without a front says that it is restarted in place', () => {
  const bare = { ...deployment, spec: trySpec({ front: 'none' }) }
  assert.match(
    planDeploy(input(withOld, { deployment: bare }))
      .lines.map(({ text }) => text)
      .join('\n'),
    /restarted in place/,
  )
})

test('going back to what is known to be good takes one stage and no watch', () => {
  const back = planDeploy(input(withOld, { isForward: false })).stages.slice(1)
  assert.deepEqual(
    back.map(({ name, steps, watch }) => [name, steps.length, watch]),
    [['all', 3, null]],
  )
})
