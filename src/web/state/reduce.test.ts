import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChangeView, StatusView } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'
import { aChange, aLine, anEntry, aPlan, aHost } from '../dev-hub/sample.ts'
import { emptyModel, type Message, type Model, newestFirst, targetsOf } from './model.ts'
import { changeLimit, logLimit, reduce } from './reduce.ts'

const told = (messages: readonly Message[], start: Model = emptyModel): Model =>
  messages.reduce(reduce, start)

const happened = (entry: Entry, change: ChangeView): Message => ({
  type: 'happened',
  event: { type: 'entry', entry, change },
})

const came = (...changes: readonly ChangeView[]): Message => ({
  type: 'changes came',
  changes,
  asked: { target: null, before: null },
  isEnd: false,
})

const status = (entries: number): StatusView => ({
  hub: { version: '0.1.0', startedAt: 0, project: 'acme', entries, recipes: [] },
  apps: [],
  hosts: [],
  lines: [],
})

const finished = (seq: number, change = 'c1') => anEntry(seq, { type: 'finished' }, change)

test('an entry brings its change up to date and is said aloud', () => {
  const model = told([came(aChange()), happened(finished(5), aChange({ status: 'done' }))])
  assert.equal(model.changes.get('c1')?.status, 'done')
  assert.equal(model.seq, 5)
  assert.equal(model.said, 'c1 deploy shop 3f2a1c9 to production: done')
})

test('an entry that changes no status says nothing', () => {
  const note = anEntry(5, { type: 'note', text: 'slow' })
  assert.equal(told([came(aChange()), happened(note, aChange())]).said, '')
})

test('an entry that is repeated after a reconnect does not turn a change back', () => {
  const done = happened(finished(5), aChange({ status: 'done' }))
  const older = happened(anEntry(4, { type: 'note', text: 'slow' }), aChange({ status: 'running' }))
  assert.equal(told([done, older]).changes.get('c1')?.status, 'done')
})

test('a finished revert marks the change it takes back', () => {
  const revert = aChange({ id: 'c2', reverts: 'c1', status: 'done' })
  const model = told([came(aChange({ status: 'done' })), happened(finished(9, 'c2'), revert)])
  assert.equal(model.changes.get('c1')?.revertedBy, 'c2')
})

test('a revert that is still running marks nothing', () => {
  const revert = aChange({ id: 'c2', reverts: 'c1', status: 'running' })
  const begun = anEntry(9, { type: 'stage-started', stage: 'rest' }, 'c2')
  const model = told([came(aChange({ status: 'done' })), happened(begun, revert)])
  assert.equal(model.changes.get('c1')?.revertedBy, null)
})

test('changes are listed newest first by number, not by letters', () => {
  const model = told([came(aChange({ id: 'c9' }), aChange({ id: 'c10' }), aChange({ id: 'c2' }))])
  assert.deepEqual(
    newestFirst(model, null).map(({ id }) => id),
    ['c10', 'c9', 'c2'],
  )
})

test('targets to filter by are those of the changes, each once', () => {
  const model = told([came(aChange(), aChange({ id: 'c2' }), aChange({ id: 'c3', target: 'h1' }))])
  assert.deepEqual(targetsOf(model), ['h1', 'shop@production'])
})

test('a page keeps a bounded number of changes and lets the oldest go', () => {
  const many = Array.from({ length: changeLimit + 1 }, (_, index) => aChange({ id: `c${index + 1}` }))
  const model = told([came(...many)])
  assert.equal(model.changes.size, changeLimit)
  assert.equal(model.changes.has('c1'), false)
})

test('the status says how far the ledger is only until entries are heard', () => {
  assert.equal(told([{ type: 'status came', status: status(7) }]).seq, 7)
  const heard = told([
    { type: 'status came', status: status(7) },
    happened(finished(8), aChange()),
    { type: 'status came', status: status(12) },
  ])
  assert.equal(heard.seq, 8)
})

test('entries heard while the detail is on its way are kept and put behind it', () => {
  const [first, second, third] = [1, 2, 3].map((seq) => anEntry(seq, { type: 'note', text: `${seq}` })) as [
    Entry,
    Entry,
    Entry,
  ]
  const detail = { change: aChange(), plan: aPlan, entries: [first, second], mayRevert: false, mayStop: true }
  const model = told([
    { type: 'opened', id: 'c1' },
    happened(second, aChange()),
    happened(third, aChange({ status: 'settling' })),
    { type: 'detail came', detail },
  ])
  assert.deepEqual(
    model.open?.entries.map(({ seq }) => seq),
    [1, 2, 3],
  )
  assert.equal(model.open?.change?.status, 'settling')
})

test('the detail of a page that was left is dropped', () => {
  const detail = { change: aChange(), plan: null, entries: [], mayRevert: false, mayStop: false }
  const model = told([
    { type: 'opened', id: 'c1' },
    { type: 'opened', id: 'c2' },
    { type: 'closed', id: 'c1' },
    { type: 'detail came', detail },
  ])
  assert.equal(model.open?.id, 'c2')
  assert.equal(model.open?.detail, null)
})

test('log lines are shown once, in order, and only those of the open change', () => {
  const model = told([
    { type: 'opened', id: 'c1' },
    { type: 'printed', lines: [aLine(3), aLine(4)] },
    { type: 'printed', lines: [aLine(1), aLine(3), aLine(2, 'c2')] },
  ])
  assert.deepEqual(
    model.open?.log.map(({ seq }) => seq),
    [1, 3, 4],
  )
})

test('a long log lets its oldest lines go, counts them, and does not take them again', () => {
  const lines = Array.from({ length: logLimit + 20 }, (_, index) => aLine(index + 1))
  const long = told([
    { type: 'opened', id: 'c1' },
    { type: 'printed', lines },
  ])
  assert.equal(long.open?.log.length, logLimit)
  assert.equal(long.open?.logLeftOut, 20)
  assert.equal(told([{ type: 'printed', lines: [aLine(5)] }], long).open?.logLeftOut, 20)
})

test('lines of a change that nobody looks at draw nothing again', () => {
  const model = told([came(aChange())])
  assert.equal(reduce(model, { type: 'printed', lines: [aLine(1)] }), model)
})

test('signing out forgets everything that was shown', () => {
  const model = told([
    { type: 'signed in', me: { name: 'ada', may: 'everything' } },
    came(aChange()),
    { type: 'signed out' },
  ])
  assert.deepEqual(model, { ...emptyModel, session: 'out' })
})

test('what a look has found is kept, and the row of its host says so at once', () => {
  const host = aHost({ drift: { found: 0, at: 1, away: null } })
  const found = { resource: 'file /x', at: 't:1:1', cause: 'host moved', lines: [], evidence: [] } as const
  const look = { host: 'web1', at: 5, away: null, resources: 3, findings: [found], unmanaged: [] }
  const model = told([
    { type: 'status came', status: { ...status(1), hosts: [host] } },
    { type: 'drift came', hosts: [look] },
    { type: 'drift came', hosts: [{ ...look, at: 4, findings: [] }] },
  ])
  assert.equal(model.drift.get('web1'), look)
  assert.deepEqual(model.status?.hosts[0]?.drift, { found: 1, at: 5, away: null })
})
