import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints, lowered, tryWorld } from './try-sort.ts'
import { user } from './user.ts'

const ada = { type: 'user', key: 'user ada', name: 'ada', owes: [], lockout: null }
const nothing = {
  type: 'present',
  uid: null,
  group: null,
  home: null,
  shell: null,
  comment: null,
  groups: null,
  system: false,
  password: null,
}
const crypted = '$y$j9T$abc$0123456789abcdefghij'

test('what a recipe says of a user is wanted, and the rest stays as it is', async () => {
  const table: readonly (readonly [unknown, unknown])[] = [
    [{}, nothing],
    [
      {
        uid: 1500,
        group: 'users',
        groups: ['sudo'],
        home: '/srv/ada/',
        shell: '/bin/bash',
        comment: 'Ada Lovelace',
        system: true,
      },
      {
        ...nothing,
        uid: 1500,
        group: 'users',
        groups: { names: ['sudo'], only: false },
        home: '/srv/ada',
        shell: '/bin/bash',
        comment: 'Ada Lovelace',
        system: true,
      },
    ],
    [
      { password: crypted },
      { ...nothing, password: { bytes: new TextEncoder().encode(crypted), secrets: [] } },
    ],
    [{ absent: true }, { type: 'absent', home: false }],
    [
      { absent: true, removeHome: true },
      { type: 'absent', home: true },
    ],
  ]
  for (const [options, want] of table)
    assert.deepEqual(await lowered(user, 'ada', options), [{ ...ada, want }])
})

test('a user who is taken out of groups may have been root by them', async () => {
  const want = { ...nothing, groups: { names: ['ops'], only: true } }
  assert.deepEqual(await lowered(user, 'ada', { groups: ['ops'], onlyGroups: true }), [
    { ...ada, lockout: 'sudo', want },
  ])
})

test('a password may be a secret, and is refused without being shown when it is not crypted', async () => {
  const world = tryWorld({}, { ADA: crypted, PLAIN: 'hunter2' })
  const password = { bytes: new TextEncoder().encode(crypted), secrets: ['ADA'] }
  assert.deepEqual(await lowered(user, 'ada', { password: '{ADA}' }, world), [
    { ...ada, want: { ...nothing, password } },
  ])
  for (const password of ['{PLAIN}', 'hunter2']) {
    await assert.rejects(lowered(user, 'ada', { password }, world), (error) => {
      assert.deepEqual(Reflect.get(Object(error), 'trouble'), {
        what: 'the password of ada is not crypted',
        where: 'tandem.ts:3:5',
        now: 'set the secret to what `mkpasswd --method=yescrypt` or `openssl passwd -6` prints',
      })
      return true
    })
  }
})

test('what is wrong with a user is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [
      { uid: -1 },
      'user.uid is -1 but must be a whole number from 0 to 4294967294, such as 1500; write one like that',
    ],
    [{ groups: 'sudo' }, "user.groups is 'sudo' but must be a list, such as ['sudo']; write ['sudo']"],
    [
      { shell: 'bash' },
      "user.shell is 'bash' but must be an absolute path, such as '/bin/bash'; write one like that",
    ],
    [
      { comment: 'a:b' },
      "user.comment is 'a:b' but must be a text without colons, such as 'Ada Lovelace'; write one like that",
    ],
    [
      { onlyGroups: true },
      "user.onlyGroups is true but must be left out where there is no 'groups'; take it out, or say groups as well",
    ],
    [
      { removeHome: true },
      "user.removeHome is true but must be left out where there is no 'absent'; take it out, or say absent as well",
    ],
    [
      { absent: true, uid: 1500 },
      'user.uid is 1500 but must be left out beside absent: true; keep one of the two',
    ],
  ]
  for (const [options, message] of table) assert.deepEqual(complaints(user, 'ada', options), [message])
  assert.deepEqual(complaints(user, 'Ada'), [
    "user.name is 'Ada' but must be the name of a user, such as 'deploy'; write one like that",
  ])
})
