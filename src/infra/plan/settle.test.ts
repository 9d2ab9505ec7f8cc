import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandThing, fileThing, plain, rootScript, unitThing } from '../things/make.ts'
import type { Thing } from '../things/thing.ts'
import type { Seen, UnitSeen } from './seen.ts'
import {
  acts,
  active,
  edited,
  etc,
  folderSeen,
  loweredOf,
  missing,
  motd,
  noUnit,
  packageThing,
  plan,
  stopped,
  troubles,
} from './try-plan.ts'

const restart = { type: 'restart', unit: 'x.service' } as const
const reload = { type: 'reload', unit: 'x.service' } as const
const units = { type: 'units' } as const

test('packages are one transaction, unless something stands between that must come first', () => {
  const seen: Partial<Seen> = {
    paths: new Map([etc, ['/etc/motd', missing], ['/etc/apt', folderSeen], ['/etc/apt/x', missing]]),
    packages: new Map([
      ['a', null],
      ['b', null],
    ]),
    checks: new Map([['command try', 1]]),
  }
  const between = (thing: Thing, after: readonly number[] = []): readonly string[] =>
    acts(plan(loweredOf(packageThing('a'), thing, { things: [packageThing('b')], after }), seen))
  assert.deepEqual(between(motd()), ['packages +a +b', 'write /etc/motd'])
  assert.deepEqual(between(motd(), [1]), ['packages +a', 'write /etc/motd', 'packages +b'])
  const [middle, last] = [
    { things: [motd()], after: [0] },
    { things: [packageThing('b')], after: [2] },
  ]
  const chain = loweredOf(
    packageThing('a'),
    middle,
    { things: [unitThing('x.service', {})], after: [1] },
    last,
  )
  assert.deepEqual(acts(plan(chain, seen)), ['packages +a', 'write /etc/motd', 'packages +b'])
  const listed = motd({ owes: [{ type: 'lists' }] })
  assert.deepEqual(between(listed), ['packages +a', 'write /etc/motd', 'pay lists', 'packages +b'])
  const source = fileThing({ path: '/etc/apt/x', content: plain('deb'), owes: [{ type: 'lists' }] })
  assert.deepEqual(between(source), ['packages +a', 'write /etc/apt/x', 'pay lists', 'packages +b'])
  const command = commandThing({ name: 'try', check: rootScript('exit 1'), run: rootScript('true') })
  assert.deepEqual(between(command), ['packages +a', 'command try', 'packages +b'])
})

test('a transaction names every package as it was, and a version that is asked', () => {
  const seen: Partial<Seen> = {
    packages: new Map([
      ['a', { version: '1', held: true, arch: 'amd64' }],
      ['b', { version: '1', held: false, arch: 'amd64' }],
    ]),
  }
  const a: Thing = { ...packageThing('a'), want: { type: 'installed', version: '2' }, hold: true }
  const b: Thing = { ...packageThing('b'), want: { type: 'absent', purge: true } }
  const [op, more] = plan(loweredOf(a, b), seen).ops
  assert.equal(more, undefined)
  assert.deepEqual(op?.act, {
    type: 'packages',
    install: [{ name: 'a', version: '2' }],
    remove: [],
    purge: ['b'],
    hold: ['a'],
    unhold: ['a'],
    before: {
      a: { version: '1', held: true, arch: 'amd64' },
      b: { version: '1', held: false, arch: 'amd64' },
    },
  })
  assert.equal(op?.cannotUndo, 'the configuration of b is gone; an undo installs it anew')
})

test('debts are paid once, where they must be: lists, then units, then the rest in order', () => {
  const other = fileThing({ path: '/etc/other', content: plain('o'), owes: [reload, restart] })
  const seen = (x: UnitSeen): Partial<Seen> => ({
    paths: new Map([etc, ['/etc/motd', missing], ['/etc/other', missing]]),
    units: new Map([['x.service', x]]),
  })
  const owing = [motd({ owes: [units, reload] }), other]
  assert.deepEqual(acts(plan(loweredOf(...owing), seen(active))), [
    'write /etc/motd',
    'write /etc/other',
    'pay units',
    'pay restart x.service',
  ])
  const started = unitThing('x.service', { running: true })
  assert.deepEqual(acts(plan(loweredOf(...owing, started), seen(stopped))), [
    'write /etc/motd',
    'write /etc/other',
    'pay units',
    'unit x.service start',
  ])
  assert.deepEqual(
    acts(plan(loweredOf(started, ...owing), seen(stopped))),
    ['unit x.service start', 'write /etc/motd', 'write /etc/other', 'pay units', 'pay restart x.service'],
    'what is written after the start has to be read',
  )
  assert.deepEqual(
    acts(plan(loweredOf(...owing), seen(stopped))),
    ['write /etc/motd', 'write /etc/other', 'pay units'],
    'what does not run needs no restart',
  )
})

test('a unit at rest is restarted all the same when a package comes before, which may start it', () => {
  const seen: Partial<Seen> = {
    paths: new Map([etc, ['/etc/motd', missing]]),
    packages: new Map([['a', null]]),
    units: new Map([['x.service', stopped]]),
  }
  const written = motd({ owes: [restart] })
  assert.deepEqual(acts(plan(loweredOf(packageThing('a'), written), seen)), [
    'packages +a',
    'write /etc/motd',
    'pay restart x.service',
  ])
  const first = loweredOf(written, { things: [packageThing('a')], after: [0] })
  assert.deepEqual(acts(plan(first, seen)), ['write /etc/motd', 'packages +a'], 'it starts with the new file')
})

test('what an earlier change has left owed is paid, and told', () => {
  const seen: Partial<Seen> = { owed: new Set(['restart x.service', 'command old']) }
  const one = plan(loweredOf(), seen)
  assert.deepEqual(acts(one), ['pay restart x.service'])
  assert.deepEqual(
    one.changes.map(({ resource, notes }) => `${resource}: ${notes.join()}`),
    [
      'restart x.service: owed since an earlier change',
      'command old: owed since an earlier change, and no resource says any more how to do it',
    ],
  )
})

test('what waits holds back what needs it, and what it will owe anyway is paid with it', () => {
  const dropIn = edited('/etc/systemd/system/x.service', 'a', { owes: [restart] })
  const lowered = loweredOf(
    packageThing('a'),
    motd({ owes: [restart] }),
    dropIn,
    unitThing('x.service', { running: true }),
  )
  const one = plan(lowered, {
    paths: new Map([etc, ['/etc/motd', missing], ['/etc/systemd/system/x.service', missing]]),
    packages: new Map([['a', null]]),
    units: new Map([['x.service', active]]),
  })
  assert.deepEqual(acts(one), ['packages +a', 'write /etc/motd'])
  assert.deepEqual(
    one.deferred.map(({ resource }) => resource.number),
    [2, 3],
  )
})

test('the payment that makes a change real carries its lock-out', () => {
  const sshd: Thing = { ...motd({ owes: [restart] }), lockout: 'sshd' }
  const one = plan(loweredOf(sshd), {
    paths: new Map([etc, ['/etc/motd', missing]]),
    units: new Map([['x.service', active]]),
  })
  assert.deepEqual(
    one.ops.map(({ lockout }) => lockout),
    ['sshd', 'sshd'],
  )
})

test('a unit that nothing brings is a trouble, and one whose file the plan writes is started', () => {
  const unit = unitThing('x.service', { running: true })
  const seen: Partial<Seen> = {
    paths: new Map([
      ['/etc/systemd/system', folderSeen],
      ['/etc/systemd/system/x.service', missing],
    ]),
    units: new Map([['x.service', noUnit]]),
  }
  assert.match(troubles(plan(loweredOf(unit), seen))[0] ?? '', /the host has no unit x.service/)
  const file = fileThing({
    path: '/etc/systemd/system/x.service',
    content: plain('[Service]\n'),
    owes: [units, restart],
  })
  assert.deepEqual(acts(plan(loweredOf([file, unit]), seen)), [
    'write /etc/systemd/system/x.service',
    'pay units',
    'unit x.service start',
  ])
  const masked = { units: new Map([['x.service', { ...stopped, load: 'masked', file: 'masked' }]]) }
  assert.match(troubles(plan(loweredOf(unit), masked))[0] ?? '', /it is masked/)
})
