import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sudoRule } from './sudo-rule.ts'
import { complaints, lowered, readable, textAt } from './try-sort.ts'

const path = '/etc/sudoers.d/deploy'

test('a rule is a file of its own that visudo has to accept, and may lock us out', async () => {
  const [thing] = await lowered(sudoRule, 'deploy', { user: 'deploy', commands: 'ALL', password: false })
  assert.ok(thing)
  assert.deepEqual(readable(thing), {
    type: 'path',
    key: `path ${path}`,
    path,
    owes: [],
    lockout: 'sudo',
    check: ['visudo', '-cf', '%'],
    want: {
      type: 'file',
      mode: 0o440,
      owner: 'root',
      group: 'root',
      text: 'deploy ALL=(root) NOPASSWD: ALL\n',
      secrets: [],
    },
  })
})

test('who, as whom, and each command have their place in the line', async () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{ user: 'deploy', commands: '/usr/bin/apt-get' }, 'deploy ALL=(root) /usr/bin/apt-get\n'],
    [{ group: 'ops', commands: 'ALL', as: 'ALL' }, '%ops ALL=(ALL:ALL) ALL\n'],
    [
      { user: 'deploy', commands: ['/bin/a x', '/bin/b'], as: 'postgres', password: false },
      'deploy ALL=(postgres) NOPASSWD: /bin/a x\ndeploy ALL=(postgres) NOPASSWD: /bin/b\n',
    ],
    [
      { user: 'deploy', commands: '/bin/a --x=1,2 c:\\d *' },
      'deploy ALL=(root) /bin/a --x\\=1\\,2 c\\:\\\\d *\n',
    ],
  ]
  for (const [options, text] of table)
    assert.equal(textAt(await lowered(sudoRule, 'deploy', options), path), text)
})

test('an absent rule is nothing', async () => {
  const [thing] = await lowered(sudoRule, 'deploy', { absent: true })
  assert.deepEqual(thing?.type === 'path' && thing.want, { type: 'absent', all: false })
})

test('what is wrong with a rule is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{ commands: 'ALL' }, "sudoRule has no 'user'; add user: 'deploy', or group: 'ops'"],
    [{ user: 'deploy' }, "sudoRule has no 'commands'; add commands: '/usr/bin/systemctl restart shop'"],
    [
      { user: 'deploy', group: 'ops', commands: 'ALL' },
      "sudoRule.group is 'ops' but must be left out beside 'user'; keep one of the two",
    ],
    [
      { user: 'deploy', commands: 'apt-get' },
      "sudoRule.commands is 'apt-get' but must be 'ALL' or a command with its whole path, such as '/usr/bin/systemctl restart shop'; write one like that",
    ],
  ]
  for (const [options, message] of table) assert.deepEqual(complaints(sudoRule, 'deploy', options), [message])
  assert.deepEqual(complaints(sudoRule, 'deploy.rule', { user: 'deploy', commands: 'ALL' }), [
    "sudoRule.name is 'deploy.rule' but must be letters, digits, dashes and underscores, such as 'deploy'; write one like that",
  ])
})
