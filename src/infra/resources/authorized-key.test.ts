import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editBytes } from '../plan/edit.ts'
import type { Thing } from '../things/thing.ts'
import { authorizedKey } from './authorized-key.ts'
import { complaints, lowered, readable, resourceOf, tryWorld } from './try-sort.ts'

const body = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ3bMqzQx1y0p9Jd6hQvXcZb5TgFkLmNo+qRsTu/wXyZ'
const key = `ssh-ed25519 ${body} ada@laptop`
const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOtherOtherOtherOtherOtherOtherOtherOther ben'

const edited = (things: readonly Thing[], before: string) => {
  const [, thing] = things
  if (thing?.type !== 'path' || thing.want.type !== 'edited') throw new Error('nothing is edited')
  const after = editBytes(Buffer.from(before), thing.want.edits)
  return after.type === 'bytes' ? Buffer.from(after.bytes).toString() : after.what
}

test('the folder and the file of the keys belong to the user, and nobody else reads them', async () => {
  const things = await lowered(authorizedKey, 'ada', { key })
  assert.deepEqual(
    things.map((thing) => thing.type === 'path' && [thing.path, { ...thing.want, edits: null }]),
    [
      ['~ada/.ssh', { type: 'directory', mode: 0o700, owner: 'ada', group: null, edits: null }],
      [
        '~ada/.ssh/authorized_keys',
        { type: 'edited', edits: null, create: true, mode: 0o600, owner: 'ada', group: null },
      ],
    ],
  )
})

test('a key is added once, and replaces its own line when only its comment has changed', async () => {
  const things = await lowered(authorizedKey, 'ada', { key })
  assert.equal(edited(things, `${other}\n`), `${other}\n${key}\n`)
  assert.equal(edited(things, `${key}\n`), `${key}\n`)
  assert.equal(edited(things, `from="10.0.0.1" ssh-ed25519 ${body} old\n${other}\n`), `${key}\n${other}\n`)
})

test('an absent key goes, whatever stands around it', async () => {
  const things = await lowered(authorizedKey, 'ada', { key, absent: true })
  assert.equal(edited(things, `${other}\nrestrict ssh-ed25519 ${body}\n`), `${other}\n`)
})

test('with `only`, no other key stays, and that may lock us out', async () => {
  const [, thing] = await lowered(authorizedKey, 'ada', { keys: [key, other], only: true })
  assert.ok(thing)
  assert.deepEqual(readable(thing), {
    type: 'path',
    key: 'path ~ada/.ssh/authorized_keys',
    path: '~ada/.ssh/authorized_keys',
    owes: [],
    lockout: 'sshd',
    check: null,
    want: { type: 'file', mode: 0o600, owner: 'ada', group: null, text: `${key}\n${other}\n`, secrets: [] },
  })
})

test('a key more locks nobody out, a key less may', async () => {
  const lockouts = async (options: unknown) =>
    (await lowered(authorizedKey, 'ada', options)).map(({ lockout }) => lockout)
  assert.deepEqual(await lockouts({ key }), [null, null])
  assert.deepEqual(await lockouts({ key, absent: true }), [null, 'sshd'])
})

test('the home of a user that the recipe makes is where the keys go', async () => {
  const world = { ...tryWorld(), homeOf: () => '/srv/ada' }
  const [folder] = await lowered(authorizedKey, 'ada', { key }, world)
  assert.equal(folder?.type === 'path' && folder.path, '/srv/ada/.ssh')
})

test('several keys of one user are told apart by their ends', () => {
  const called = (options: unknown) =>
    authorizedKey.called?.('ada', resourceOf(authorizedKey, 'ada', options).options)
  assert.equal(called({ key }), 'ada sTu/wXyZ')
  assert.equal(called({ keys: [key, other] }), 'ada sTu/wXyZ herOther')
})

test('what is wrong with a key is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{}, "authorizedKey has no 'key'; add key: 'ssh-ed25519 AAAA… ada', or keys: […]"],
    [
      { key: 'AAAA' },
      "authorizedKey.key is 'AAAA' but must be a public key, such as 'ssh-ed25519 AAAA… ada'; write one like that",
    ],
    [
      { keys: [] },
      "authorizedKey.keys is an empty list but must be a list of at least one, such as ['ssh-ed25519 AAAA… ada']; write one like that",
    ],
    [
      { key, only: true, absent: true },
      'authorizedKey.only is true but must be left out beside absent: true; keep one of the two',
    ],
  ]
  for (const [options, message] of table)
    assert.deepEqual(complaints(authorizedKey, 'ada', options), [message])
})
