import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostname } from './hostname.ts'
import { complaints, lowered, textAt } from './try-sort.ts'

test('a host name is in its file, in its hosts, and in the running kernel', async () => {
  const things = await lowered(hostname, 'web1', { domain: 'example.org' })
  assert.equal(textAt(things, '/etc/hostname'), 'web1\n')
  const [, hosts, live] = things
  assert.ok(hosts?.type === 'path' && hosts.want.type === 'edited')
  assert.deepEqual(hosts.want.edits, [
    {
      type: 'line',
      line: '127.0.1.1\tweb1.example.org web1',
      replaces: String.raw`^127\.0\.1\.1\s`,
      after: String.raw`^127\.0\.0\.1\s`,
    },
  ])
  assert.ok(live?.type === 'command' && live.undo !== null)
  assert.deepEqual(live.run.run.slice(4), ['web1'])
})

test('without a domain the name stands alone', async () => {
  const [, hosts] = await lowered(hostname, 'web1')
  assert.ok(hosts?.type === 'path' && hosts.want.type === 'edited')
  const [edit] = hosts.want.edits
  assert.ok(edit?.type === 'line')
  assert.equal(edit.line, '127.0.1.1\tweb1')
})

test('a name with a dot is told where its domain goes', () => {
  assert.deepEqual(complaints(hostname, 'web1.example.org', { domain: 'Example' }), [
    "hostname.name is 'web1.example.org' but must be a name of small letters, digits and dashes, such as 'web1'; write one like that",
    "hostname.domain is 'Example' but must be a domain, such as 'example.org'; write one like that",
  ])
})
