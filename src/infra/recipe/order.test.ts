import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { type Call, line, lowering } from './try-recipe.ts'

const orderOf = async (...calls: readonly Call[]): Promise<readonly string[]> =>
  (await lowering({}, ...calls)).map(({ resource: { id } }) => id)

test('a recipe is done in its own order where nothing else is needed', async () => {
  const calls: readonly Call[] = [
    ['apt', 'nginx'],
    ['file', '/etc/a', { content: 'x' }],
    ['service', 'nginx', { running: true }],
    ['apt', 'curl'],
    ['group', 'shop'],
  ]
  assert.deepEqual(await orderOf(...calls), [
    'apt nginx',
    'file /etc/a',
    'service nginx',
    'apt curl',
    'group shop',
  ])
})

/** The first of each pair stands first in the recipe, and needs the second. */
const uses: readonly (readonly [why: string, late: Call, early: Call])[] = [
  ['a file is in a folder', ['file', '/srv/shop/conf/a', { content: 'x' }], ['directory', '/srv/shop', {}]],
  ['a folder is in a folder', ['directory', '/srv/a/b', {}], ['directory', '/srv/a', {}]],
  [
    'a file is behind a link',
    ['file', '/srv/now/a', { content: 'x' }],
    ['link', '/srv/now', { to: '/srv/1' }],
  ],
  ['a link is in a folder', ['link', '/srv/a/b', { to: 'c' }], ['directory', '/srv/a', {}]],
  ['a folder has an owner', ['directory', '/srv', { owner: 'shop' }], ['user', 'shop']],
  ['a file has a group', ['file', '/a', { content: 'x', group: 'shop' }], ['group', 'shop']],
  ['a user is in a group', ['user', 'ada', { groups: ['shop'] }], ['group', 'shop']],
  ['a user has a primary group', ['user', 'ada', { group: 'shop' }], ['group', 'shop']],
  ['a user has a group of its own name', ['user', 'shop'], ['group', 'shop', { gid: 900 }]],
  ['a home is in a folder', ['user', 'ada', { home: '/srv/homes/ada' }], ['directory', '/srv/homes']],
  ['a home has a mode', ['directory', '/home/ada', { mode: '0700' }], ['user', 'ada']],
  ['a file is in a home', ['file', '/home/ada/.profile', { content: 'x' }], ['user', 'ada']],
  ['a file is in a home that is written ~', ['file', '~ada/.profile', { content: 'x' }], ['user', 'ada']],
  [
    'a service has a unit',
    ['service', 'shop', { running: true }],
    ['file', '/etc/systemd/system/shop.service', { content: '[Service]' }],
  ],
  [
    'a service has a drop-in',
    ['service', 'nginx', { running: true }],
    ['dropIn', 'nginx.service/limits', { sections: { Service: { A: 1 } } }],
  ],
  [
    'a timer starts a service',
    ['service', 'shop.timer', { running: true }],
    ['file', '/usr/lib/systemd/system/shop.service', { content: '[Service]' }],
  ],
  ['a command has a user', ['exec', 'x', { command: 'true', user: 'ada' }], ['user', 'ada']],
  [
    'a command runs in a folder',
    ['exec', 'x', { command: 'true', cwd: '/srv/a/b' }],
    ['directory', '/srv/a'],
  ],
  [
    'a folder is empty once what was in it is gone',
    ['directory', '/srv/a', { absent: true }],
    ['file', '/srv/a/b', { absent: true }],
  ],
  [
    'a group is empty once its users are gone',
    ['group', 'shop', { absent: true }],
    ['user', 'ada', { absent: true }],
  ],
]

for (const [why, late, early] of uses) {
  test(`${why}: what it needs is drawn forward`, async () => {
    const found = await orderOf(['apt', 'curl'], late, ['apt', 'git'], early)
    assert.deepEqual(
      found.map((one) => one.split(' ')[0]),
      ['apt', early[0], late[0], 'apt'],
    )
    assert.match(found[1] ?? '', new RegExp(`${JSON.stringify(early[1]).slice(1, -1)}$`))
  })
}

test('a chain of needs is drawn forward whole', async () => {
  const order = await orderOf(
    ['file', '/srv/shop/data/a', { content: 'x', owner: 'shop' }],
    ['directory', '/srv/shop/data', { owner: 'shop' }],
    ['user', 'shop', { home: '/srv/shop', groups: ['web'] }],
    ['group', 'web'],
  )
  assert.deepEqual(order, ['group web', 'user shop', 'directory /srv/shop/data', 'file /srv/shop/data/a'])
})

test('a folder above a home may belong to whose home it is', async () => {
  const folder: Call = ['directory', '/srv/ada', { owner: 'ada' }]
  assert.deepEqual(await orderOf(folder, ['user', 'ada', { home: '/srv/ada/home' }]), [
    'user ada',
    'directory /srv/ada',
  ])
})

test('what waits for each other is told with both places and why', async () => {
  const calls: readonly Call[] = [
    ['directory', '/srv', { after: line(3) }],
    ['apt', 'curl'],
    ['file', '/srv/a', { content: 'x' }],
  ]
  await assert.rejects(lowering({}, ...calls), (error) => {
    assert.ok(error instanceof TroubleError)
    assert.deepEqual(error.trouble, {
      what: 'directory /srv, file /srv/a wait for each other',
      where: 'tandem.ts:1:3',
      now: 'take one of these references away, or let something else own it',
      host: 'web1',
      tail: [
        'tandem.ts:1:3: directory /srv comes after file /srv/a (tandem.ts:3:3), because the recipe says so',
        'tandem.ts:3:3: file /srv/a comes after directory /srv (tandem.ts:1:3), as it is in /srv',
      ],
    })
    return true
  })
})

test('references that go in a ring are told, too', async () => {
  const calls: readonly Call[] = [
    ['apt', 'a1', { after: line(2) }],
    ['apt', 'b1', { after: line(3) }],
    ['apt', 'c1', { after: line(1) }],
  ]
  await assert.rejects(lowering({}, ...calls), { message: 'apt a1, apt b1, apt c1 wait for each other' })
})
