import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Verdict } from '../../change/entry.ts'
import { type Count, type HostWatch, judge, readCount } from './evidence.ts'

const count = (requests: number, serverErrors: number): Count => ({ requests, serverErrors, lost: 0 })
const none = count(0, 0)

const watch = (next: Count, old: Count, more: Partial<HostWatch> = {}): HostWatch => ({
  host: 'h1',
  hasFront: true,
  died: false,
  first: { next: none, old },
  last: { next, old },
  ...more,
})

const cases: readonly Readonly<{ is: Verdict; why: string; hosts: readonly HostWatch[] }>[] = [
  { is: 'healthy', why: 'no errors', hosts: [watch(count(100, 0), count(1000, 0))] },
  { is: 'harmful', why: 'a third fails', hosts: [watch(count(100, 33), count(1000, 0))] },
  { is: 'healthy', why: 'two errors may be chance', hosts: [watch(count(4, 2), count(1000, 0))] },
  { is: 'healthy', why: 'it was as bad before', hosts: [watch(count(100, 10), count(1000, 90))] },
  { is: 'harmful', why: 'it is much worse than before', hosts: [watch(count(100, 30), count(1000, 90))] },
  { is: 'healthy', why: 'less than two in a hundred', hosts: [watch(count(1000, 15), count(1000, 0))] },
  { is: 'no data', why: 'nobody came', hosts: [watch(none, count(1000, 0))] },
  {
    is: 'no data',
    why: 'nobody counts',
    hosts: [watch(none, none, { hasFront: false, first: null, last: null })],
  },
  {
    is: 'harmful',
    why: 'the process died',
    hosts: [watch(count(10, 0), none), watch(none, none, { died: true })],
  },
  {
    is: 'harmful',
    why: 'errors of all hosts together',
    hosts: [watch(count(50, 2), none), watch(count(50, 1), none)],
  },
]

test('the verdict follows from what was counted, and no data is never healthy', () => {
  for (const { is, why, hosts } of cases) assert.equal(judge(hosts).verdict, is, why)
})

test('the counts before the switch are not held against the new release', () => {
  const before = { first: { next: count(500, 400), old: none }, last: { next: count(600, 400), old: none } }
  assert.equal(judge([watch(none, none, before)]).verdict, 'healthy')
})

test('the evidence is in words', () => {
  assert.deepEqual(judge([watch(count(100, 33), count(1000, 0))]).evidence, [
    'new release: 33 of 100 requests failed (33.0 %)',
    'release before: 0 of 1000 requests failed (0.0 %)',
  ])
})

test('a request that was not taken and an answer that broke off count as lost', () => {
  assert.deepEqual(readCount(['10', '2', '1', '3']), { requests: 10, serverErrors: 2, lost: 4 })
})
