import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exec } from './exec.ts'
import { complaints, lowered, resourceOf } from './try-sort.ts'

const asRoot = { user: null, cwd: null, env: {}, limitMs: 300_000 }

test('a command knows by its check, or by what it makes, when there is nothing to do', async () => {
  assert.deepEqual(
    await lowered(exec, 'build', {
      command: 'make',
      check: ['test', '-e', 'shop'],
      undo: 'make clean',
      cwd: '/srv',
      user: 'shop',
      env: { A: '1' },
      limit: '1h',
      says: 'build the shop',
    }),
    [
      {
        type: 'command',
        key: 'command build',
        name: 'build',
        check: {
          run: ['test', '-e', 'shop'],
          user: 'shop',
          cwd: '/srv',
          env: { A: '1' },
          limitMs: 3_600_000,
        },
        run: { run: 'make', user: 'shop', cwd: '/srv', env: { A: '1' }, limitMs: 3_600_000 },
        undo: { run: 'make clean', user: 'shop', cwd: '/srv', env: { A: '1' }, limitMs: 3_600_000 },
        says: 'build the shop',
        owes: [],
        lockout: null,
      },
    ],
  )
  const [made] = await lowered(exec, 'fetch', { command: ['wget', 'x'], creates: '/srv/x', cwd: '/srv' })
  assert.ok(made?.type === 'command')
  assert.deepEqual(made.check, { ...asRoot, run: ['test', '-e', '/srv/x'] })
})

test('a command that says neither is done each time', async () => {
  const [each] = await lowered(exec, 'ping', { command: 'true' })
  assert.ok(each?.type === 'command' && each.check === null && each.undo === null)
})

test('a command on a change of others is what they owe, and nothing by itself', async () => {
  const options = { command: 'update-ca-certificates', on: [{ resource: 2 }, { resource: 3 }] }
  assert.deepEqual(await lowered(exec, 'trust', options), [])
  const debt = { type: 'command', name: 'trust', script: { ...asRoot, run: 'update-ca-certificates' } }
  assert.deepEqual(exec.owedBy?.(resourceOf(exec, 'trust', options)), [
    { by: 2, debt },
    { by: 3, debt },
  ])
})

test('a command that contradicts itself is refused', () => {
  const on = { resource: 1 }
  assert.deepEqual(complaints(exec, 'x', { command: 'a', check: 'b', creates: '/c' }), [
    "exec.creates is '/c' but must be left out beside 'check'; keep one of the two",
  ])
  assert.deepEqual(complaints(exec, 'x', { command: 'a', on, undo: 'b' }), [
    "exec.undo is 'b' but must be left out beside 'on'; leave it out, or say by check when there is nothing to do",
  ])
  assert.deepEqual(complaints(exec, 'x', { command: '', limit: '90' }), [
    "exec.command is '' but must be a command as a text for sh or as a list of words, such as 'systemctl reload haproxy' or ['touch', '/srv/made']; write one like that",
    "exec.limit is '90' but must be a time from 1s to 24h with its unit, such as '5m'; write one like that",
  ])
})
