import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  commandThing,
  fileThing,
  neededPackage,
  plain,
  rootsOwn,
  rootScript,
  unitThing,
} from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { loweredOf } from './try-plan.ts'
import { sha256Of } from './plan-file.ts'
import { noWants, wantsOf, wantsOfOps } from './wants.ts'

test('a probe looks at each path once, at its folder, its owners and the units that are restarted for it', () => {
  const file = fileThing({
    path: '/srv/a',
    content: plain('x'),
    access: { owner: 'deploy', group: '1000' },
    owes: [{ type: 'restart', unit: 'a.service' }],
  })
  const edited = pathThing('~deploy/.ssh/x', {
    type: 'edited',
    edits: [],
    create: true,
    ...rootsOwn,
    owner: null,
    group: null,
  })
  const secret = fileThing({ path: '/srv/b', content: { bytes: Buffer.from('s'), secrets: ['S'] } })
  const check = rootScript('true')
  const wants = wantsOf(
    loweredOf(
      file,
      [edited, secret],
      neededPackage('curl', 'x'),
      unitThing('a.service', {}),
      commandThing({ name: 'c', check, run: check }),
    ),
  )
  assert.deepEqual(wants, {
    paths: [
      { path: '/srv/a', wantSha: sha256Of(Buffer.from('x')), wantBytes: false },
      { path: '/srv', wantSha: null, wantBytes: false },
      { path: '~deploy/.ssh/x', wantSha: null, wantBytes: true },
      { path: '~deploy/.ssh', wantSha: null, wantBytes: false },
      { path: '/srv/b', wantSha: null, wantBytes: false },
    ],
    packages: ['curl'],
    users: ['deploy'],
    groups: [],
    units: ['a.service'],
    checks: [{ key: 'command c', script: check }],
    homes: ['deploy'],
  })
})

test('a revert looks at what its operations were about', () => {
  const act = { type: 'remove', path: '/x', before: { type: 'any' }, all: false } as const
  const op = {
    number: 1,
    resource: 'r',
    at: 'a',
    key: 'k',
    act,
    owes: [{ type: 'reload', unit: 'a.service' }],
    lockout: null,
    cannotUndo: null,
  } as const
  assert.deepEqual(wantsOfOps([op]), {
    ...noWants,
    paths: [{ path: '/x', wantSha: null, wantBytes: false }],
    units: ['a.service'],
  })
})
