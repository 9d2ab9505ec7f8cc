import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aChange, aPlan } from '../dev-hub/sample.ts'
import type { ChangeView } from '../../api/wire/wire.ts'
import type { Plan } from '../../change/plan.ts'
import { concerns, driftedHosts, historyDepth, mayConcern } from './host-history.ts'

const detail = (change: ChangeView, plan: Plan | null) => ({
  change,
  plan,
  entries: [],
  mayRevert: false,
  mayStop: false,
})
const apply = aChange({ kind: 'apply', target: 'infra' })

test('what may concern a host is of the infrastructure or of an app on it, newest first and not too much', () => {
  const app = { target: 'shop@production', hosts: [{ host: 'h1' }] }
  const changes = [
    aChange({ id: 'c2', kind: 'apply', target: 'infra', status: 'done' }),
    aChange({ id: 'c10', status: 'done' }),
    aChange({ id: 'c11', target: 'search@production' }),
    aChange({ id: 'c12', status: 'waiting' }),
  ]
  const apps = [app] as unknown as Parameters<typeof mayConcern>[2]
  assert.deepEqual(
    mayConcern('h1', changes, apps).map(({ id }) => id),
    ['c10', 'c2'],
  )
  const many = Array.from({ length: 200 }, (_, nth) => aChange({ id: `c${nth}` }))
  assert.equal(mayConcern('h1', many, apps).length, historyDepth)
})

test('a change concerns the hosts of its steps, and those it left behind', () => {
  assert.equal(concerns('h2', detail(apply, aPlan)), true)
  assert.equal(concerns('h9', detail(apply, aPlan)), false)
  assert.equal(concerns('h9', detail(apply, { ...aPlan, fenced: ['h9'] })), true)
  assert.equal(concerns('h9', detail({ ...apply, fenced: ['h9'] }, null)), true)
})

test('a note of drift concerns the hosts it names', () => {
  const lines = [
    { mark: '~', text: 'web2  file /etc/motd' },
    { mark: ' ', text: '    web3  did it' },
  ] as const
  const note = aChange({
    kind: 'apply',
    does: 'note',
    target: 'infra',
    door: 'clock',
    title: 'drift on web2: file /etc/motd',
  })
  const plan = { ...aPlan, stages: [], settle: [], lines }
  assert.deepEqual(driftedHosts(plan), ['web2'])
  assert.equal(concerns('web2', detail(note, plan)), true)
  assert.equal(concerns('web3', detail(note, plan)), false)
})
