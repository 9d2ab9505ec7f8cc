import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { secretMark } from '../../config/reading/said.ts'
import type { Thing } from '../things/thing.ts'
import { lowerAll } from './lower.ts'
import { readSaid } from './read.ts'
import type { ResourceSort } from './resource.ts'
import { anyHost, type Call, line, lowering, saying } from './try-recipe.ts'

async function thingsOf(secrets: Readonly<Record<string, string>>, ...calls: readonly Call[]) {
  return (await lowering(secrets, ...calls)).flatMap(({ things }) => things)
}

function textAt(things: readonly Thing[], path: string): string {
  const found = things.find((thing) => thing.type === 'path' && thing.path === path)
  assert.ok(found?.type === 'path' && found.want.type === 'file', `no file ${path}`)
  return new TextDecoder().decode(found.want.content.bytes)
}

test('the values of secrets stand in the bytes of files, and their names beside them', async () => {
  const password = secretMark('PASSWORD')
  const [thing, ...others] = await thingsOf({ PASSWORD: '$& $1', OTHER: 'o' }, [
    'file',
    '/a',
    { content: `${password}:${password}` },
  ])
  assert.deepEqual(others, [])
  assert.ok(thing?.type === 'path' && thing.want.type === 'file')
  assert.equal(new TextDecoder().decode(thing.want.content.bytes), '$& $1:$& $1')
  assert.deepEqual(thing.want.content.secrets, ['PASSWORD'])
})

test('in the variables of a command a secret stays a mark until it is sent', async () => {
  const env = { TOKEN: secretMark('TOKEN') }
  const [thing] = await thingsOf({ TOKEN: 'shh' }, ['exec', 'x', { command: 'true', env }])
  assert.ok(thing?.type === 'command')
  assert.deepEqual(thing.run.env, env)
  assert.equal(JSON.stringify(thing).includes('shh'), false)
})

test('what a service is restarted for owes its restart, once', async () => {
  const conf = { content: 'x' }
  const things = await thingsOf(
    {},
    ['file', '/etc/nginx.conf', conf],
    ['file', '/etc/other.conf', conf],
    ['service', 'nginx', { running: true, restartOn: [line(1), line(1)], reloadOn: line(2) }],
  )
  assert.deepEqual(
    things.map(({ key, owes }) => [key, owes]),
    [
      ['path /etc/nginx.conf', [{ type: 'restart', unit: 'nginx.service' }]],
      ['path /etc/other.conf', [{ type: 'reload', unit: 'nginx.service' }]],
      ['unit nginx.service', []],
    ],
  )
})

test('a path in the home of a user that the recipe makes is written out, wherever the user stands', async () => {
  const things = await thingsOf(
    {},
    ['file', '~ada/a', { content: 'x' }],
    ['user', 'ada', { home: '/srv/ada' }],
    ['file', '~eve/a', { content: 'x' }],
  )
  assert.deepEqual(
    things.map(({ key }) => key),
    ['user ada', 'path /srv/ada/a', 'path ~eve/a'],
  )
})

test('folders that several want alike are made by the first, who owes what all owe', async () => {
  const things = await thingsOf(
    {},
    ['directory', '/srv', { mode: '0755' }],
    ['directory', '/srv', { mode: '0755' }],
    ['service', 'nginx', { running: true, restartOn: line(2) }],
  )
  const restart = [{ type: 'restart', unit: 'nginx.service' }]
  assert.deepEqual(
    things.map(({ owes }) => owes),
    [restart, restart, []],
  )
})

test('edits of one file by several, and packages that several need, go together', async () => {
  const things = await thingsOf(
    {},
    ['line', '/etc/hosts', { line: '10.0.0.1 db', owner: 'root' }],
    ['line', '/etc/hosts', { line: '10.0.0.2 web' }],
    ['hostname', 'web1'],
    ['timeZone', 'UTC'],
    ['apt', 'tzdata'],
  )
  assert.equal(things.filter((thing) => thing.type === 'path' && thing.path === '/etc/hosts').length, 3)
  assert.equal(things.filter((thing) => thing.type === 'package').length, 2)
})

const twice: readonly (readonly [first: Call, second: Call, says: string])[] = [
  [
    ['file', '/a', { content: 'x' }],
    ['file', '/a', { content: 'x' }],
    'path /a belongs to file /a #2 and to file /a (tandem.ts:1:3)',
  ],
  [
    ['file', '/a', { content: 'x' }],
    ['link', '/a', { to: 'b' }],
    'path /a belongs to link /a and to file /a (tandem.ts:1:3)',
  ],
  [
    ['file', '/a', { content: 'x' }],
    ['line', '/a', { line: 'b' }],
    'path /a belongs to line /a: b and to file /a (tandem.ts:1:3)',
  ],
  [
    ['directory', '/a', { mode: '0700' }],
    ['directory', '/a'],
    'path /a belongs to directory /a #2 and to directory /a (tandem.ts:1:3)',
  ],
  [
    ['line', '/a', { line: 'b', mode: '0600' }],
    ['line', '/a', { line: 'c', mode: '0644' }],
    'path /a belongs to line /a: c and to line /a: b (tandem.ts:1:3)',
  ],
  [
    ['file', '/etc/hosts', { content: 'x' }],
    ['hostname', 'web1'],
    'path /etc/hosts belongs to hostname web1 and to file /etc/hosts (tandem.ts:1:3)',
  ],
  [
    ['apt', 'curl'],
    ['apt', ['git', 'curl']],
    'package curl belongs to apt git curl and to apt curl (tandem.ts:1:3)',
  ],
  [
    ['apt', 'tzdata', { absent: true }],
    ['timeZone', 'UTC'],
    'package tzdata belongs to timeZone UTC and to apt tzdata (tandem.ts:1:3)',
  ],
  [
    ['user', 'ada'],
    ['user', 'ada', { uid: 1 }],
    'user ada belongs to user ada #2 and to user ada (tandem.ts:1:3)',
  ],
  [
    ['service', 'nginx', { running: true }],
    ['service', 'nginx.service', { enabled: true }],
    'unit nginx.service belongs to service nginx.service and to service nginx (tandem.ts:1:3)',
  ],
]

for (const [first, second, says] of twice) {
  test(`no thing has two owners: ${says}`, async () => {
    await assert.rejects(lowering({}, first, second), {
      trouble: {
        what: says,
        where: 'tandem.ts:2:3',
        now: 'say all of it in one of them, and leave it out of the other',
        host: 'web1',
      },
    })
  })
}

const mark = secretMark('TOKEN')
const open: readonly (readonly [call: Call, says: string])[] = [
  [
    ['exec', 'x', { command: ['curl', mark] }],
    'the secret TOKEN of exec x would be seen by others; a secret may stand only in the bytes of a file or in env',
  ],
  [
    ['exec', 'x', { command: 'true', check: `test ${mark}` }],
    'the secret TOKEN of exec x would be seen by others; a secret may stand only in the bytes of a file or in env',
  ],
  [['user', 'ada', { comment: 'x' }], ''],
  [
    ['exec', 'x', { command: 'true', env: { A: secretMark('TOKNE') } }],
    "there is no secret called 'TOKNE'; did you mean 'TOKEN'?",
  ],
  [
    ['file', '/a', { content: secretMark('OTHER_THING') }],
    "there is no secret called 'OTHER_THING' (file /a); run `tandem secret set OTHER_THING`",
  ],
]

for (const [call, says] of open) {
  test(`a secret in the open is told: ${says || 'where there is none, nothing'}`, async () => {
    const lowered = lowering({ TOKEN: 'shh' }, call)
    if (says === '') return void (await lowered)
    await assert.rejects(lowered, (error) => {
      assert.ok(error instanceof TroubleError)
      assert.equal(`${error.trouble.what}; ${error.trouble.now}`, says)
      assert.equal(error.trouble.where, 'tandem.ts:1:3')
      return true
    })
  })
}

test('bytes in which a sort has left the mark of a secret are found', async () => {
  const careless: ResourceSort<unknown> = {
    type: 'careless',
    name: (await import('zod')).z.string(),
    options: (await import('zod')).z.unknown(),
    lower: async ({ name }) => [
      {
        type: 'path',
        key: `path ${name}`,
        path: name,
        want: {
          type: 'file',
          content: { bytes: new TextEncoder().encode(`x${mark}`), secrets: [] },
          mode: null,
          owner: null,
          group: null,
        },
        check: null,
        owes: [],
        lockout: null,
      },
    ],
  }
  const known = new Map([['careless', careless]])
  const resources = readSaid('web1', saying(['careless', '/a']), known)
  const bytesOf = async () => new Uint8Array()
  await assert.rejects(lowerAll(resources, { host: anyHost, bytesOf, secrets: new Map(), known }), {
    message: 'the secret TOKEN of careless /a would be seen by others',
  })
})

test('what several sorts cannot lower is told at once', async () => {
  const calls: readonly Call[] = [
    ['user', 'ada', { password: secretMark('PLAIN') }],
    ['file', '/a', { content: secretMark('MISSING') }],
    ['file', '/b', { source: 'files/b' }],
  ]
  await assert.rejects(lowering({ PLAIN: 'letmein' }, ...calls), (error) => {
    assert.ok(error instanceof TroubleError)
    assert.equal(error.trouble.what, 'the password of ada is not crypted (user ada)')
    assert.deepEqual(error.trouble.tail, [
      "tandem.ts:2:3: there is no secret called 'MISSING' (file /a); run `tandem secret set MISSING`",
    ])
    return true
  })
})

test('a file beside the recipe is read with the place of who names it', async () => {
  const things = await thingsOf({}, ['file', '/b', { source: 'files/b' }])
  assert.equal(textAt(things, '/b'), 'files/b')
})
