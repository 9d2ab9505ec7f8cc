import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postgresDatabase } from './postgres-database.ts'
import { complaints, lowered } from './try-sort.ts'

test('a database is one command; another encoding than the usual comes from the empty template', async () => {
  const words = async (options: object) => {
    const [command, ...others] = await lowered(postgresDatabase, 'shop', options)
    assert.deepEqual(others, [])
    assert.ok(command?.type === 'command' && command.check !== null && command.undo !== null)
    assert.deepEqual(command.check.run.slice(4), command.run.run.slice(4))
    assert.deepEqual(command.undo.run.slice(4), command.run.run.slice(4))
    return command.run.run.slice(4)
  }
  assert.deepEqual(await words({}), ['shop', '5432', '', '', '', ''])
  assert.deepEqual(await words({ owner: 'ada', port: 5433, extensions: 'pg_trgm' }), [
    'shop',
    '5433',
    'ada',
    '',
    '',
    '',
    'pg_trgm',
  ])
  assert.deepEqual(await words({ encoding: 'UTF8', locale: 'C.UTF-8' }), [
    'shop',
    '5432',
    '',
    'UTF8',
    'C.UTF-8',
    'template0',
  ])
  assert.deepEqual(await words({ encoding: 'UTF8', template: 'mine' }), [
    'shop',
    '5432',
    '',
    'UTF8',
    '',
    'mine',
  ])
})

test('words that PostgreSQL would have to quote are refused', () => {
  assert.deepEqual(
    complaints(postgresDatabase, 'Shop', {
      owner: 'a b',
      encoding: 'utf8',
      locale: "C'",
      extensions: ['x"y'],
    }),
    [
      "postgresDatabase.name is 'Shop' but must be the name of a database, such as 'shop'; write one like that",
      "postgresDatabase.owner is 'a b' but must be the name of a role, such as 'shop'; write one like that",
      "postgresDatabase.encoding is 'utf8' but must be an encoding of PostgreSQL, such as 'UTF8'; write one like that",
      "postgresDatabase.locale is 'C'' but must be a locale, such as 'C.UTF-8'; write one like that",
      "postgresDatabase.extensions[0] is 'x\"y' but must be the name of an extension, such as 'pg_trgm'; write one like that",
    ],
  )
})
