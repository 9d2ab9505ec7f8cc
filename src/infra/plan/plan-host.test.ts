import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandThing, fileThing, gone, plain, rootScript, unitThing } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import type { Thing } from '../things/thing.ts'
import { type HostPlan, planHost } from './plan-host.ts'
import type { PathSeen, Seen } from './seen.ts'
import { absolute } from './state.ts'
import {
  acts,
  active,
  digestOf,
  edited,
  etc,
  fileSeen,
  folder,
  folderSeen,
  loweredOf,
  missing,
  motd,
  noUnit,
  packageThing,
  plan,
  seenWith,
  troubles,
} from './try-plan.ts'

test('what is as it should be needs nothing', () => {
  const one = plan(loweredOf(motd()), { paths: new Map([etc, ['/etc/motd', fileSeen('hello\n')]]) })
  assert.deepEqual(one.ops, [])
  assert.equal(one.changes[0]?.mark, ' ')
})

test('a missing file is written, with what must be there before and after', () => {
  const one = plan(loweredOf(motd()), { paths: new Map([etc, ['/etc/motd', missing]]) })
  const [op] = one.ops
  assert.ok(op?.act.type === 'write' && op.act.from.type === 'sent')
  assert.deepEqual(op.act.before, missing)
  assert.deepEqual(
    { ...op.act.after, sha256: '' },
    { type: 'file', sha256: '', mode: 0o644, owner: 'root', group: 'root' },
  )
  assert.equal(Buffer.from(one.bytes.get(op.act.from.sha256) ?? []).toString(), 'hello\n')
  assert.deepEqual(one.changes[0]?.lines, [
    { mark: '+', text: 'hello' },
    { mark: '+', text: 'mode 0644, root:root' },
  ])
})

test('mode and owner alone are altered in place, and numbers are the names they stand for', () => {
  const seen = {
    paths: new Map([etc, ['/etc/motd', fileSeen('hello\n', { mode: 0o600, owner: 'deploy' })] as const]),
  }
  const users: Seen['users'] = new Map([
    [
      'deploy',
      { uid: 1000, group: 'deploy', home: '/', shell: '', comment: '', groups: [], passwordSha256: null },
    ],
  ])
  const one = plan(loweredOf(motd({ access: { owner: '1000' } })), { ...seen, users })
  assert.deepEqual(acts(one), ['access /etc/motd'])
  assert.deepEqual(one.changes[0]?.lines, [{ mark: '~', text: 'mode 0600 -> 0644' }])
})

test('a chain of folder, owner and file is planned over what the plan makes', () => {
  const user: Thing = {
    type: 'user',
    key: 'user deploy',
    name: 'deploy',
    owes: [],
    lockout: null,
    want: {
      type: 'present',
      uid: null,
      group: null,
      home: null,
      shell: null,
      comment: null,
      groups: null,
      system: false,
      password: null,
    },
  }
  const file = fileThing({
    path: '/srv/app/env',
    content: plain('A=1\n'),
    access: { owner: 'deploy', group: 'deploy' },
  })
  const seen: Partial<Seen> = {
    paths: new Map([
      ['/srv', folderSeen],
      ['/srv/app', missing],
      ['/srv/app/env', missing],
      ['/home/deploy', missing],
    ]),
    users: new Map([['deploy', null]]),
    groups: new Map([['deploy', null]]),
  }
  const one = plan(loweredOf(user, folder('/srv/app', 'deploy'), file), seen)
  assert.deepEqual(troubles(one), [])
  assert.deepEqual(acts(one), ['user deploy', 'mkdir /srv/app', 'write /srv/app/env'])
  assert.deepEqual(troubles(plan(loweredOf(folder('/srv/app', 'deploy')), seen)), [
    "tandem.ts:1:1: path /srv/app: the user deploy, who shall own it, is not there and no resource makes one; add user('deploy') before it",
  ])
  assert.deepEqual(troubles(plan(loweredOf(file), { ...seen, users: new Map(), groups: new Map() })), [
    "tandem.ts:1:1: path /srv/app/env: its folder /srv/app is not there and no resource makes it; add directory('/srv/app') before it",
  ])
})

test('files in a home that useradd makes are unknown before, and edits of them wait', () => {
  const user: Thing = {
    type: 'user',
    key: 'user deploy',
    name: 'deploy',
    owes: [],
    lockout: null,
    want: {
      type: 'present',
      uid: null,
      group: null,
      home: null,
      shell: null,
      comment: null,
      groups: null,
      system: false,
      password: null,
    },
  }
  const seen: Partial<Seen> = {
    paths: new Map([
      ['/home/deploy', missing],
      ['/home/deploy/.bashrc', missing],
      ['/home/deploy/.profile', missing],
    ]),
    users: new Map([['deploy', null]]),
    groups: new Map([['deploy', null]]),
  }
  const bashrc = fileThing({ path: '/home/deploy/.bashrc', content: plain('x\n') })
  const one = plan(loweredOf(user, bashrc, edited('/home/deploy/.profile', 'y')), seen)
  assert.deepEqual(troubles(one), [])
  assert.deepEqual(acts(one), ['user deploy', 'write /home/deploy/.bashrc'])
  const [, write] = one.ops
  assert.deepEqual(write?.act.type === 'write' && write.act.before, { type: 'any' })
  assert.deepEqual(
    one.deferred.map(({ resource }) => resource.id),
    ['path /home/deploy/.profile'],
  )
  assert.equal(
    one.changes[2]?.unknown,
    'planned when the rest is done: useradd fills a new home with what is in /etc/skel',
  )
})

test('what a package of the plan brings is known later: units, files to edit, and all that comes after them', () => {
  const nginx = packageThing('nginx')
  const lowered = loweredOf(
    nginx,
    {
      things: [
        edited('/etc/nginx/nginx.conf', 'daemon off;', {
          owes: [{ type: 'restart', unit: 'nginx.service' }],
        }),
      ],
      after: [0],
    },
    { things: [fileThing({ path: '/etc/nginx/a.conf', content: plain('a\n') })], after: [] },
    { things: [unitThing('nginx.service', { enabled: true, running: true })], after: [] },
    { things: [unitThing('nginx.service', { masked: false })], after: [1] },
  )
  const seen: Partial<Seen> = {
    paths: new Map([
      ['/etc/nginx', missing],
      ['/etc/nginx/nginx.conf', missing],
      ['/etc/nginx/a.conf', missing],
    ]),
    packages: new Map([['nginx', null]]),
    units: new Map([['nginx.service', noUnit]]),
    candidates: new Map([['nginx', '1.22.1-9']]),
  }
  const one = plan(lowered, seen)
  assert.deepEqual(troubles(one), [])
  assert.deepEqual(acts(one), ['packages +nginx', 'write /etc/nginx/a.conf', 'unit nginx.service start'])
  assert.deepEqual(one.ops.map(({ act }) => ('before' in act ? act.before : null)).slice(1), [
    { type: 'any' },
    null,
  ])
  assert.deepEqual(
    one.deferred.map(({ resource }) => resource.number),
    [1, 4],
  )
  assert.deepEqual(one.changes[0]?.lines, [{ mark: '+', text: 'nginx 1.22.1-9' }])
  const again = planHost({
    host: 'h1',
    lowered: one.deferred,
    seen: seenWith({
      paths: new Map([['/etc/nginx/nginx.conf', fileSeen('a\n')]]),
      units: new Map([['nginx.service', active]]),
    }),
    digestOf,
    firstNumber: one.ops.length + 1,
  })
  assert.deepEqual(
    again.ops.map(({ number }) => number),
    [4, 5],
  )
  assert.deepEqual(acts(again), ['write /etc/nginx/nginx.conf', 'pay restart nginx.service'])
})

test('useradd is told the group of the same name when that is there', () => {
  const user: Thing = {
    type: 'user',
    key: 'user deploy',
    name: 'deploy',
    owes: [],
    lockout: null,
    want: {
      type: 'present',
      uid: null,
      group: null,
      home: null,
      shell: null,
      comment: null,
      groups: null,
      system: true,
      password: null,
    },
  }
  const groupOf = (groups: Seen['groups']): unknown => {
    const [op] = plan(loweredOf(user), { users: new Map([['deploy', null]]), groups }).ops
    return op?.act.type === 'user' ? op.act.after?.group : 'no user'
  }
  assert.equal(groupOf(new Map([['deploy', null]])), null)
  assert.equal(groupOf(new Map([['deploy', { gid: 7 }]])), 'deploy')
})

test('links and empty folders make room for a file, a folder with something in it does not', () => {
  const at = (what: PathSeen): HostPlan =>
    plan(loweredOf(motd()), { paths: new Map([etc, ['/etc/motd', what]]) })
  const link = at({ type: 'link', to: '/run/motd', owner: 'root', group: 'root' })
  assert.deepEqual(acts(link), ['write /etc/motd'])
  assert.deepEqual(link.changes[0]?.lines[0], { mark: '-', text: 'a link to /run/motd, which is replaced' })
  const empty: PathSeen = {
    type: 'directory',
    isEmpty: true,
    mode: 0o755,
    owner: 'root',
    group: 'root',
    mtime: 0,
  }
  assert.deepEqual(acts(at(empty)), ['remove /etc/motd', 'write /etc/motd'])
  const owing = plan(loweredOf(motd({ owes: [{ type: 'units' }] })), {
    paths: new Map([etc, ['/etc/motd', empty]]),
  })
  assert.deepEqual(
    owing.ops.map(({ owes }) => owes.length),
    [0, 1, 0],
  )
  assert.deepEqual(troubles(at(folderSeen)), [
    'tandem.ts:1:1: path /etc/motd: a folder is there that is not empty; move what is in /etc/motd away, and plan again',
  ])
  assert.deepEqual(at(fileSeen('old\n', { names: 2 })).changes[0]?.notes, [
    'the file has 2 names; under the others the old bytes stay',
  ])
})

test('edits of one file by several resources each see what the one before has left', () => {
  const seen = { paths: new Map([etc, ['/etc/hosts', fileSeen('one')] as const]) }
  const one = plan(
    loweredOf(edited('/etc/hosts', 'two'), edited('/etc/hosts', 'three'), edited('/etc/hosts', 'two')),
    seen,
  )
  assert.deepEqual(acts(one), ['write /etc/hosts', 'write /etc/hosts'])
  const [first, second] = one.ops.map(({ act }) => (act.type === 'write' ? act : null))
  assert.deepEqual(second?.before, first?.after)
  assert.equal(Buffer.from(one.bytes.get(second?.after.sha256 ?? '') ?? []).toString(), 'one\ntwo\nthree\n')
})

test('a folder is empty once the plan has taken its only file away', () => {
  const seen = {
    paths: new Map<string, PathSeen>([
      ['/srv/a', folderSeen],
      ['/srv/a/x', fileSeen('x')],
    ]),
  }
  const one = plan(loweredOf(pathThing('/srv/a/x', gone), pathThing('/srv/a', gone)), seen)
  assert.deepEqual(acts(one), ['remove /srv/a/x', 'remove /srv/a'])
  assert.match(
    troubles(plan(loweredOf(pathThing('/srv/a', gone)), seen))[0] ?? '',
    /a folder that is not empty/,
  )
})

test('a command runs when its check says so, when it has none, or when what it comes after is altered', () => {
  const command = (check: boolean): Thing =>
    commandThing({
      name: 'try',
      check: check ? rootScript('test -e /x') : null,
      run: rootScript(['locale-gen', 'a b']),
    })
  const asked = (outcome: number | null): Partial<Seen> => ({
    paths: new Map([etc, ['/etc/motd', missing]]),
    checks: new Map([['command try', outcome]]),
  })
  assert.deepEqual(acts(plan(loweredOf(command(true)), asked(0))), [])
  assert.deepEqual(acts(plan(loweredOf(command(true)), asked(3))), ['command try'])
  const always = plan(loweredOf(command(false)), asked(null))
  assert.deepEqual(always.unknowns, ['command try: it is done at each apply, because it has no check'])
  assert.deepEqual(always.changes[0]?.lines, [{ mark: '~', text: 'locale-gen "a b"' }])
  assert.equal(always.ops[0]?.cannotUndo, 'what try does is not taken back: it has no `undo`')
  const far = loweredOf(
    motd(),
    { things: [unitThing('x.service', {})], after: [0] },
    { things: [command(true)], after: [1] },
  )
  assert.deepEqual(acts(plan(far, asked(0))), ['write /etc/motd', 'command try'])
  const stirred = plan(loweredOf([motd(), command(true)]), asked(0))
  assert.deepEqual(acts(stirred), ['write /etc/motd', 'command try'])
  assert.deepEqual(stirred.unknowns, ['path /etc/motd: whether it is needed then: now it is not'])
})

test('a secret is in no line, no operation and no digest that could be guessed from', () => {
  const secret = motd({ content: { bytes: Buffer.from('hunter2\n'), secrets: ['password'] } })
  const bare = digestOf({ bytes: Buffer.from('hunter2\n'), secrets: [] })
  const old = fileSeen('hunter1\n')
  const oldBare = digestOf({ bytes: Buffer.from('hunter1\n'), secrets: [] })
  const one = plan(loweredOf(secret), { paths: new Map([etc, ['/etc/motd', old]]) })
  const shown = JSON.stringify([one.ops, one.changes, one.unknowns, one.applied, [...one.standings]])
  for (const text of ['hunter', bare, oldBare]) assert.ok(!shown.includes(text), text)
  const otherKey = planHost({
    host: 'h1',
    lowered: loweredOf(secret),
    seen: seenWith({ paths: new Map([etc, ['/etc/motd', old]]) }),
    digestOf: (content) => `other ${digestOf(content)}`,
  })
  assert.notEqual(otherKey.standings.get('path /etc/motd')?.want, one.standings.get('path /etc/motd')?.want)
  const mode = { mark: '~', text: 'mode 0644 -> 0600' }
  assert.deepEqual(one.changes[0]?.lines, [{ mark: '~', text: 'content: [secret]' }, mode])
  const open = plan(loweredOf(secret), { paths: new Map([etc, ['/etc/motd', fileSeen('hunter2\n')]]) })
  assert.ok(!JSON.stringify(open.ops).includes(bare))
  assert.deepEqual(open.changes[0]?.lines, [mode])
  const same = fileSeen('hunter2\n', { mode: 0o600 })
  assert.deepEqual(plan(loweredOf(secret), { paths: new Map([etc, ['/etc/motd', same]]) }).ops, [])
})

test('lines of a file that only its owner may read are counted, not shown', () => {
  const file = motd({ access: { mode: 0o600 } })
  const one = plan(loweredOf(file), {
    paths: new Map([etc, ['/etc/motd', fileSeen('password\n', { mode: 0o600 })]]),
  })
  assert.deepEqual(one.changes[0]?.lines, [
    { mark: '-', text: '(1 line, which only its owner may read)' },
    { mark: '+', text: 'hello' },
  ])
})

test('a path in the home of a user who is there is planned where that home is', () => {
  const seen: Partial<Seen> = {
    homes: new Map([
      ['deploy', '/srv/deploy'],
      ['nobody', null],
    ]),
    paths: new Map<string, PathSeen>([['~deploy/.profile', fileSeen('a\n')]]),
  }
  assert.deepEqual(acts(plan(loweredOf(edited('~deploy/.profile', 'b')), seen)), [
    'write /srv/deploy/.profile',
  ])
  assert.match(troubles(plan(loweredOf(edited('~nobody/x', 'b')), seen))[0] ?? '', /there is no user nobody/)
  assert.equal(absolute('~nobody/x', seenWith(seen)), null)
})
