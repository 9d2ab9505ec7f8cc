import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planHost, type PlanHostInput } from '../plan/plan-host.ts'
import type { PathSeen } from '../plan/seen.ts'
import {
  digestOf,
  edited,
  etc,
  fileSeen,
  loweredOf,
  missing,
  motd,
  packageThing,
  seenWith,
} from '../plan/try-plan.ts'
import { line } from '../resources/line.ts'
import { resourceOf, tryWorld } from '../resources/try-sort.ts'
import { appliedSince, onlyDrift } from './only-drift.ts'

const conf = '/etc/x.conf'
const all = loweredOf(packageThing('x'), { things: [edited(conf, 'a = 1')], after: [0] }, motd())

const inputOf = (lowered: PlanHostInput['lowered'], installed: boolean, there: PathSeen): PlanHostInput => ({
  host: 'h1',
  lowered,
  seen: seenWith({
    paths: new Map([etc, [conf, there], ['/etc/motd', missing]]),
    packages: new Map([['x', installed ? { version: '1', held: false, arch: 'amd64' } : null]]),
  }),
  digestOf,
})

const asApplied = planHost(inputOf(all.slice(0, 2), true, fileSeen('a = 1\n'))).applied

test('what a later round mends of the last apply is drift, and what is new in the recipe is not', () => {
  const kept = onlyDrift(inputOf(all, false, missing), asApplied)
  assert.deepEqual(
    kept.map(({ resource }) => resource.id),
    ['package x', `path ${conf}`],
  )
  const later = onlyDrift(inputOf(all, true, fileSeen('a = 0\n')), asApplied)
  assert.deepEqual(
    later.map(({ resource }) => resource.id),
    [`path ${conf}`],
  )
})

test('of several edits of one file only that is drift which the last apply had made', async () => {
  const recipe = async (...lines: readonly string[]) =>
    Promise.all(
      lines.map(async (one, number) => {
        const resource = { ...resourceOf(line, conf, { line: one }), number, id: `line ${one}` }
        return { resource, things: await line.lower(resource, tryWorld()) }
      }),
    )
  const last = planHost(inputOf(await recipe('a = 1'), true, fileSeen('a = 1\n'))).applied
  for (const lines of [
    ['a = 1', 'b = 1'],
    ['b = 1', 'a = 1'],
  ]) {
    const drifted = onlyDrift(inputOf(await recipe(...lines), true, fileSeen('# gone\n')), last)
    assert.deepEqual(
      drifted.map(({ resource }) => resource.id),
      ['line a = 1'],
    )
    assert.deepEqual(onlyDrift(inputOf(await recipe(...lines), true, fileSeen('a = 1\n')), last), [])
  }
})

test('what a later round has still to mend counts as it was applied', () => {
  const input = inputOf(all, false, missing)
  const plan = planHost({ ...input, lowered: onlyDrift(input, asApplied) })
  assert.equal(plan.deferred.length, 1)
  assert.equal(plan.applied[`path ${conf}`]?.endsWith('.-'), true)
  assert.deepEqual(appliedSince(plan, asApplied)[`path ${conf}`], asApplied[`path ${conf}`])
})
