import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postgresRole } from './postgres-role.ts'
import { scramVerifier } from './scram-verifier.ts'
import { complaints, lowered, textAt, tryWorld } from './try-sort.ts'

test('of a password only what PostgreSQL keeps of it goes to the host, in a closed file', async () => {
  const things = await lowered(postgresRole, 'shop', { password: '{DB}' }, tryWorld({}, { DB: 'pencil' }))
  const path = '/var/lib/tandem/postgres-role-shop'
  const text = textAt(things, path)
  assert.equal(text, `${scramVerifier('pencil', 'web1 shop')}\n`)
  assert.match(text, /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=\n$/)
  assert.ok(!JSON.stringify(things).includes('pencil'))
  const [file, command] = things
  assert.ok(file?.type === 'path' && file.want.type === 'file' && file.want.mode === 0o600)
  assert.deepEqual(file.want.content.secrets, ['DB'])
  assert.ok(command?.type === 'command')
  assert.deepEqual(command.run.run.slice(4, 7), ['shop', '5432', path])
  assert.ok(!JSON.stringify(command).includes('SCRAM'))
})

test('a verifier is that of its password and its place, the same each time', () => {
  assert.equal(scramVerifier('pencil', 'a'), scramVerifier('pencil', 'a'))
  assert.notEqual(scramVerifier('pencil', 'a'), scramVerifier('pencil', 'b'))
  assert.notEqual(scramVerifier('pencil', 'a'), scramVerifier('pencils', 'a'))
})

test('what was said of a role is asked for and set, and nothing else', async () => {
  const said = async (options: object) => {
    const [command] = await lowered(postgresRole, 'shop', options)
    assert.ok(command?.type === 'command' && command.check !== null)
    return [command.check.run[7], String(command.run.run[7]).split('\n').at(-1), command.says]
  }
  assert.deepEqual(await said({}), [
    "select coalesce(bool_and(rolcanlogin = true), false) from pg_authid where rolname = :'name';",
    'alter role :"name" with login;',
    'the role shop of PostgreSQL: login',
  ])
  assert.deepEqual(await said({ login: false, superuser: true, createdb: false, connections: -1 }), [
    "select coalesce(bool_and(rolcanlogin = false and rolsuper = true and rolcreatedb = false and rolconnlimit = -1), false) from pg_authid where rolname = :'name';",
    'alter role :"name" with nologin superuser nocreatedb connection limit -1;',
    'the role shop of PostgreSQL: nologin superuser nocreatedb connection limit -1',
  ])
})

test('a name that would have to be quoted is refused', () => {
  assert.deepEqual(complaints(postgresRole, "o'neill", { password: '', conections: 5 }), [
    "postgresRole.name is 'o'neill' but must be the name of a role, such as 'shop'; write one like that",
    "postgresRole.password is '' but must be a password, such as secret('SHOP_DATABASE_PASSWORD'); write one like that",
    "unknown key 'conections' in postgresRole; did you mean 'connections'?",
  ])
})
