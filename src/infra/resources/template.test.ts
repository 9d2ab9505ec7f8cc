import assert from 'node:assert/strict'
import { test } from 'node:test'
import { template } from './template.ts'
import { complaints, lowered, readable, textAt, tryWorld } from './try-sort.ts'

const path = '/etc/nginx/nginx.conf'

test('a template is filled in with the variables of the recipe and with the host', async () => {
  const world = tryWorld({
    'files/nginx.conf': 'worker_processes {{workers}}; # {{host.name}} {{host.facts.codename}}\n',
  })
  const options = { source: 'files/nginx.conf', vars: { workers: 4 }, mode: '0640', check: 'nginx -t -c %' }
  const [thing] = await lowered(template, path, options, world)
  assert.ok(thing)
  assert.deepEqual(readable(thing), {
    type: 'path',
    key: `path ${path}`,
    path,
    owes: [],
    lockout: null,
    check: ['nginx', '-t', '-c', '%'],
    want: {
      type: 'file',
      mode: 0o640,
      owner: null,
      group: null,
      text: 'worker_processes 4; # web1 bookworm\n',
      secrets: [],
    },
  })
})

test('a secret among the variables gets its value in the bytes', async () => {
  const world = tryWorld({}, { TOKEN: 'abc' })
  const things = await lowered(template, path, { text: 'token {{token}}', vars: { token: '{TOKEN}' } }, world)
  assert.equal(textAt(things, path), 'token abc')
  const [thing] = things
  assert.deepEqual(thing?.type === 'path' && thing.want.type === 'file' && thing.want.content.secrets, [
    'TOKEN',
  ])
})

test('a variable that is missing is told at the line of the template', async () => {
  const troubleWith = async (options: unknown, files: Readonly<Record<string, string>>) => {
    const error: unknown = await lowered(template, path, options, tryWorld(files)).catch(
      (thrown: unknown) => thrown,
    )
    return Reflect.get(Object(error), 'trouble')
  }
  const what = 'the template says {{workers}}, and there is no such variable'
  const now = 'known: host'
  assert.deepEqual(await troubleWith({ source: 'a.conf' }, { 'a.conf': '\n{{workers}}' }), {
    what,
    where: 'a.conf:2',
    now,
  })
  assert.deepEqual(await troubleWith({ text: '\n{{workers}}' }, {}), {
    what,
    where: 'tandem.ts:3:5, line 2 of its text',
    now,
  })
})

test('a template that is not UTF-8 is refused', async () => {
  const bytes = Uint8Array.of(0xff, 0xfe)
  const world = { ...tryWorld(), bytesOf: async () => bytes }
  await assert.rejects(lowered(template, path, { source: 'a.conf' }, world), /the template is not UTF-8/)
})

test('what is wrong with a template is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{}, "template has no 'source'; add source: 'files/nginx.conf.mustache', or text: '…'"],
    [
      { source: 'x', text: 'y' },
      "template.text is 'y' but must be left out beside 'source'; keep one of the two",
    ],
    [
      { text: 'y', vars: ['x'] },
      'template.vars is a list but must be an object, such as { port: 80 }; write one like that',
    ],
    [{ text: 'y', var: {} }, "unknown key 'var' in template; did you mean 'vars'?"],
  ]
  for (const [options, message] of table) assert.deepEqual(complaints(template, path, options), [message])
})
