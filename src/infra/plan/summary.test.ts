import assert from 'node:assert/strict'
import { test } from 'node:test'
import { summaryOf } from './summary.ts'
import { loweredOf, motd, packageThing, plan } from './try-plan.ts'

const both = loweredOf(motd(), packageThing('tree'))

test('hosts on which the same was done share a line', () => {
  const one = plan(both)
  const [resource] = one.changes.filter(({ mark }) => mark !== ' ').map((change) => change.resource)
  const lines = summaryOf([
    { ...one, host: 'web1' },
    { ...one, host: 'web2' },
    { ...one, host: 'db', changes: one.changes.slice(0, 1) },
  ])
  assert.equal(lines.length, 2)
  assert.match(lines[0] ?? '', /^web1, web2: .+, .+/)
  assert.equal(lines[1], `db: ${resource}`)
})

test('a host with nothing to do has no line', () => {
  assert.deepEqual(summaryOf([{ ...plan(both), ops: [] }]), [])
})

test('a long list ends with how many more there are', () => {
  const one = plan(both)
  const [change] = one.changes
  assert.ok(change !== undefined)
  const changes = Array.from({ length: 11 }, (_, nth) => ({
    ...change,
    mark: '+' as const,
    resource: `file /${nth}`,
  }))
  assert.match(summaryOf([{ ...one, changes }])[0] ?? '', /: file \/0, .*file \/7 and 3 more$/)
})
