import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inverseOf } from './inverse.ts'
import type { Act, Op } from './op.ts'
import { planRevert } from './plan-revert.ts'
import { allMoved } from './moved.ts'
import type { Seen, UserSeen } from './seen.ts'
import { digestOf, fileSeen, folderSeen, seenWith } from './try-plan.ts'

const opOf = (act: Act, more: Partial<Op> = {}): Op => ({
  number: 3,
  resource: 'file /x',
  at: 'tandem.ts:1:1',
  key: 'path /x',
  act,
  owes: [],
  lockout: null,
  cannotUndo: null,
  ...more,
})
const file = (letter: string) =>
  ({ type: 'file', sha256: letter.repeat(64), mode: 0o644, owner: 'root', group: 'root' }) as const
const folder = { type: 'directory', mode: 0o755, owner: 'root', group: 'root' } as const
const missing = { type: 'missing' } as const
const any = { type: 'any' } as const
const kept = { type: 'kept', change: 'c7', number: 3 } as const
const sent = { type: 'sent', sha256: 'b'.repeat(64), size: 1, isSecret: false } as const
const deploy: UserSeen = {
  uid: 1000,
  group: 'deploy',
  home: '/home/deploy',
  shell: '/bin/sh',
  comment: '',
  groups: [],
  passwordSha256: 'x',
}
const held = (version: string, isHeld = false) => ({ version, held: isHeld, arch: 'amd64' })
const script = { run: 'true', user: null, cwd: null, env: {}, limitMs: 1000 }
const standing = { enabled: true, running: true, masked: false }

const write = {
  type: 'write',
  path: '/x',
  from: sent,
  before: missing,
  after: file('b'),
  check: null,
} as const
const noPackages = { type: 'packages', install: [], remove: [], purge: [], hold: [], unhold: [] } as const
const seen: Partial<Seen> = {
  packages: new Map([
    ['new', held('2')],
    ['up', held('2', true)],
    ['gone', null],
  ]),
  users: new Map([['deploy', deploy]]),
  groups: new Map([['deploy', { gid: 1000 }]]),
  units: new Map([['x.service', { load: 'loaded', active: 'failed', file: 'enabled', needsReload: false }]]),
}

const inverses: readonly Readonly<{ says: string; act: Act; back: readonly Act[]; cannotUndo?: string }>[] = [
  {
    says: 'a new file is removed',
    act: write,
    back: [{ type: 'remove', path: '/x', before: file('b'), all: false }],
  },
  {
    says: 'an altered file gets the bytes that were kept',
    act: { ...write, before: file('a') },
    back: [{ type: 'write', path: '/x', from: kept, before: file('b'), after: file('a'), check: null }],
  },
  {
    says: 'what a plan could not know is put back as it was found',
    act: { ...write, before: any },
    back: [{ type: 'restore', path: '/x', from: kept, before: file('b') }],
  },
  {
    says: 'a secret is not compared by a digest that hosts cannot make',
    act: { ...write, from: { ...sent, isSecret: true } },
    back: [{ type: 'remove', path: '/x', before: any, all: false }],
  },
  {
    says: 'a link that a file replaced is a link again',
    act: { ...write, before: { type: 'link', to: '/y' } },
    back: [{ type: 'link', path: '/x', before: file('b'), after: { type: 'link', to: '/y' } }],
  },
  {
    says: 'a new folder is removed',
    act: { type: 'mkdir', path: '/x', before: missing, after: folder },
    back: [{ type: 'remove', path: '/x', before: folder, all: false, spare: true }],
  },
  {
    says: 'a whole folder comes back',
    act: { type: 'remove', path: '/x', before: folder, all: true },
    back: [{ type: 'restore', path: '/x', from: kept, before: missing }],
  },
  {
    says: 'an empty folder is made again',
    act: { type: 'remove', path: '/x', before: folder, all: false },
    back: [{ type: 'mkdir', path: '/x', before: missing, after: folder }],
  },
  {
    says: 'packages go back to what they were, and new ones are removed',
    act: {
      ...noPackages,
      install: [
        { name: 'new', version: null },
        { name: 'up', version: '2' },
      ],
      purge: ['gone'],
      before: { new: null, up: held('1', true), gone: held('3') },
    },
    back: [
      {
        type: 'packages',
        install: [
          { name: 'up', version: '1' },
          { name: 'gone', version: '3' },
        ],
        remove: ['new'],
        purge: [],
        hold: ['up'],
        unhold: ['up'],
        before: { new: held('2'), up: held('2', true), gone: null },
        cameWith: { change: kept.change, number: kept.number },
      },
    ],
    cannotUndo: 'the configuration of gone that was purged does not come back',
  },
  {
    says: 'a user that was made is removed, with the home that was made',
    act: {
      type: 'user',
      name: 'deploy',
      before: null,
      after: {
        uid: null,
        group: null,
        home: null,
        shell: null,
        comment: null,
        groups: null,
        system: false,
        makeHome: true,
        setsPassword: false,
      },
      removeHome: false,
    },
    back: [{ type: 'user', name: 'deploy', before: deploy, after: null, removeHome: true }],
  },
  {
    says: 'of a user, what was altered comes back, but no password',
    act: {
      type: 'user',
      name: 'deploy',
      before: { ...deploy, shell: '/bin/bash' },
      after: {
        uid: null,
        group: null,
        home: null,
        shell: '/bin/sh',
        comment: null,
        groups: null,
        system: false,
        makeHome: false,
        setsPassword: true,
      },
      removeHome: false,
    },
    back: [
      {
        type: 'user',
        name: 'deploy',
        before: deploy,
        after: {
          uid: null,
          group: null,
          home: null,
          shell: '/bin/bash',
          comment: null,
          groups: null,
          system: false,
          makeHome: false,
          setsPassword: false,
        },
        removeHome: false,
      },
    ],
    cannotUndo: 'the password that deploy had is known to nobody',
  },
  {
    says: 'a new group is removed',
    act: { type: 'group', name: 'deploy', before: null, after: { gid: null, system: false } },
    back: [{ type: 'group', name: 'deploy', before: 1000, after: null }],
  },
  {
    says: 'a unit is as it was, in what was altered',
    act: {
      type: 'unit',
      unit: 'x.service',
      enabled: null,
      running: true,
      masked: null,
      before: { ...standing, running: false },
    },
    back: [
      {
        type: 'unit',
        unit: 'x.service',
        enabled: null,
        running: false,
        masked: null,
        before: { ...standing, running: false },
      },
    ],
  },
  {
    says: 'a unit that a package brought goes with it',
    act: { type: 'unit', unit: 'x.service', enabled: true, running: true, masked: null, before: null },
    back: [],
  },
  {
    says: 'a command is taken back by its undo',
    act: { type: 'command', name: 'x', check: null, run: script, undo: { ...script, run: 'back' } },
    back: [
      {
        type: 'command',
        name: 'x',
        check: null,
        run: { ...script, run: 'back' },
        undo: script,
        kept: { change: 'c7', number: 3 },
      },
    ],
  },
  {
    says: 'a command without one is not',
    act: { type: 'command', name: 'x', check: null, run: script, undo: null },
    back: [],
    cannotUndo: 'what x did is not taken back: it has no `undo`',
  },
  {
    says: 'what was paid is owed anew by what is taken back',
    act: { type: 'pay', debt: { type: 'units' } },
    back: [],
  },
]

for (const { says, act, back, cannotUndo } of inverses) {
  test(`taken back: ${says}`, () => {
    const inverse = inverseOf(opOf(act), { change: 'c7', seen: seenWith(seen) })
    assert.deepEqual(inverse, { acts: back, cannotUndo: cannotUndo ?? null })
  })
}

const keyed = (sha256: string): string =>
  digestOf({ bytes: new TextEncoder().encode(sha256), secrets: ['a digest'] })

test('a host that has moved since is named, and only the last operation on a path says what should be there', () => {
  const now = fileSeen('now\n')
  assert.ok(now.type === 'file')
  const isNow: Act = { ...write, after: { ...file('b'), sha256: now.sha256 } }
  const at = (acts: readonly Act[], there: Partial<Seen>): readonly string[] =>
    allMoved(
      acts.map((act, index) => opOf(act, { number: index + 1 })),
      seenWith(there),
      keyed,
    )
  const paths = new Map([['/x', now]])
  assert.deepEqual(at([write, isNow], { paths }), [])
  assert.deepEqual(at([isNow, write], { paths }), ['file /x (tandem.ts:1:1): /x holds other bytes by now'])
  const secret: Act = {
    ...write,
    from: { ...sent, isSecret: true },
    after: { ...file('b'), sha256: keyed(now.sha256) },
  }
  assert.deepEqual(at([secret], { paths }), [])
  assert.deepEqual(at([isNow], { paths: new Map([['/x', fileSeen('now\n', { mode: 0o600 })]]) }), [
    'file /x (tandem.ts:1:1): /x has another mode or owner by now',
  ])
  assert.deepEqual(at([isNow], { paths: new Map([['/x', folderSeen]]) }), [
    'file /x (tandem.ts:1:1): /x is a folder by now, not a file',
  ])
  const packages: Act = { ...noPackages, install: [{ name: 'p', version: '1' }], before: { p: null } }
  assert.deepEqual(at([packages], { packages: new Map([['p', held('2')]]) }), [
    'file /x (tandem.ts:1:1): p is 2 by now',
  ])
  assert.deepEqual(at([packages], { packages: new Map([['p', null]]) }), [
    'file /x (tandem.ts:1:1): p is not installed any more',
  ])
})

test('a revert goes newest first, pays what is owed again, and refuses what moved unless it is forced', () => {
  const conf = opOf(
    { ...write, before: file('a') },
    { number: 2, owes: [{ type: 'restart', unit: 'x.service' }] },
  )
  const made = opOf({ type: 'mkdir', path: '/d', before: missing, after: folder }, { number: 1 })
  const paid = opOf({ type: 'pay', debt: { type: 'restart', unit: 'x.service' } })
  const ops = [made, conf, paid]
  const active = { load: 'loaded', active: 'active', file: 'enabled', needsReload: false }
  const there = seenWith({
    paths: new Map([
      ['/x', fileSeen('other\n')],
      ['/d', folderSeen],
    ]),
    units: new Map([['x.service', active]]),
  })
  const plan = (isForced: boolean) =>
    planRevert({ host: 'h1', change: 'c7', ops, seen: there, digestOf, isForced })
  assert.deepEqual(
    plan(true).ops.map(({ number, act }) => `${number} ${act.type}`),
    ['1 write', '2 remove', '3 pay'],
  )
  assert.deepEqual(plan(true).troubles, [])
  assert.deepEqual(
    plan(true).changes.map(({ resource, mark, lines }) => [resource, mark, lines.map(({ text }) => text)]),
    [
      ['file /x', '~', ['/x: the bytes of before (aaaaaaa)', 'mode 0644, root:root', '/d']],
      ['restart x.service', '~', []],
    ],
    'each resource is told once',
  )
  assert.deepEqual(plan(true).ops[0]?.act, {
    ...write,
    from: { ...kept, number: 2 },
    before: any,
    after: file('a'),
  })
  assert.deepEqual(plan(false).troubles, [
    {
      what: 'file /x (tandem.ts:1:1): /x holds other bytes by now, so taking c7 back would overwrite that',
      host: 'h1',
      now: 'put it right by a new apply, or back to what the change has left',
    },
  ])
})

test('nothing is owed to a unit that goes with its package', () => {
  const ops = [
    opOf({ ...noPackages, install: [{ name: 'p', version: null }], before: { p: null } }, { number: 1 }),
    opOf({ ...write, before: any }, { number: 2, owes: [{ type: 'restart', unit: 'p.service' }] }),
    opOf(
      { type: 'unit', unit: 'p.service', enabled: true, running: true, masked: null, before: null },
      { number: 3 },
    ),
  ]
  const there = seenWith({ packages: new Map([['p', held('1')]]) })
  const { ops: back } = planRevert({ host: 'h1', change: 'c7', ops, seen: there, digestOf, isForced: true })
  assert.deepEqual(
    back.map(({ act }) => act.type),
    ['restore', 'packages'],
  )
})
