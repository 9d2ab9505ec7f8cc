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

test('what a later round has still to mend counts as it was applied', () => {
  const input = inputOf(all, false, missing)
  const plan = planHost({ ...input, lowered: onlyDrift(input, asApplied) })
  assert.equal(plan.deferred.length, 1)
  assert.equal(plan.applied[`path ${conf}`]?.endsWith('.-'), true)
  assert.deepEqual(appliedSince(plan, asApplied)[`path ${conf}`], asApplied[`path ${conf}`])
})
