import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asItIs, commandThing, fileThing, plain, rootScript, unitThing } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import type { Content } from '../things/thing.ts'
import { differences, digestsOf } from './digest.ts'
import { driftOf } from './drift.ts'
import { type HostPlan, planHost } from './plan-host.ts'
import type { PathSeen } from './seen.ts'
import { digestOf, fileSeen, folderSeen, loweredOf, seenWith } from './try-plan.ts'

const planOf = (content: Content, there: PathSeen, active = 'active', etc = folderSeen): HostPlan =>
  planHost({
    host: 'h1',
    lowered: loweredOf(
      fileThing({ path: '/etc/motd', content, access: { mode: 0o644 } }),
      unitThing('x.service', { running: true }),
      pathThing('/etc', { type: 'directory', ...asItIs }),
      commandThing({ name: 'always', check: null, run: rootScript('true') }),
    ),
    seen: seenWith({
      paths: new Map([
        ['/etc', etc],
        ['/etc/motd', there],
      ]),
      units: new Map([['x.service', { load: 'loaded', active, file: 'enabled', needsReload: false }]]),
    }),
    digestOf,
  })

const causes = (now: HostPlan, last: HostPlan | null): readonly string[] =>
  driftOf(now, new Map(Object.entries(last?.applied ?? {}))).map(({ key, cause }) => `${key}: ${cause}`)

test('drift says who moved since the last apply: the host, the recipe or both', () => {
  const secret: Content = { bytes: Buffer.from('two\n'), secrets: ['s'] }
  for (const two of [plain('two\n'), secret]) {
    const last = planOf(plain('one\n'), { type: 'missing' })
    assert.deepEqual(causes(planOf(plain('one\n'), fileSeen('one\n')), last), [])
    assert.deepEqual(causes(planOf(plain('one\n'), fileSeen('edited\n')), last), [
      'path /etc/motd: host moved',
    ])
    assert.deepEqual(causes(planOf(two, fileSeen('one\n')), last), ['path /etc/motd: recipe moved'])
    assert.deepEqual(causes(planOf(two, fileSeen('edited\n')), last), ['path /etc/motd: both moved'])
    assert.deepEqual(causes(planOf(two, fileSeen('one\n')), null), ['path /etc/motd: recipe moved'])
  }
  assert.deepEqual(
    causes(planOf(plain('one\n'), fileSeen('one\n'), 'failed'), planOf(plain('one\n'), fileSeen('one\n'))),
    ['unit x.service: host moved'],
  )
})

test('a saved plan is no longer good once the host or the recipe has moved', () => {
  const saved = digestsOf(planOf(plain('one\n'), fileSeen('old\n')))
  assert.deepEqual(differences(saved, planOf(plain('one\n'), fileSeen('old\n', { mtime: 9 }))), [])
  assert.deepEqual(differences(saved, planOf(plain('one\n'), fileSeen('older\n'))), [
    'path /etc/motd (tandem.ts:1:1) is not what the plan has seen',
  ])
  assert.deepEqual(differences(saved, planOf(plain('two\n'), fileSeen('old\n'))).length, 1)
  const asIs = digestsOf(planOf(plain('one\n'), fileSeen('one\n')))
  const owned = planOf(plain('one\n'), fileSeen('one\n'), 'reloading')
  assert.deepEqual(differences(asIs, owned), [], 'a unit that reloads runs')
  const other: PathSeen = {
    type: 'directory',
    isEmpty: false,
    mode: 0o700,
    owner: 'root',
    group: 'root',
    mtime: 0,
  }
  assert.deepEqual(
    differences(asIs, planOf(plain('one\n'), fileSeen('one\n'), 'active', other)),
    ['path /etc (tandem.ts:3:1) is not what the plan has seen'],
    'what needs nothing may have moved too',
  )
  const { 'path /etc/motd': _, ...less } = saved
  assert.deepEqual(differences({ ...less, 'file /gone': '1' }, planOf(plain('one\n'), fileSeen('old\n'))), [
    'path /etc/motd (tandem.ts:1:1) was not in the plan',
    'file /gone is no longer in the recipe',
  ])
})
