import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../change/json.ts'
import { TroubleError, type Trouble } from '../../change/trouble.ts'
import { fillTemplate } from './fill-template.ts'

const values: Json = {
  name: 'a <b> & "c"',
  port: 8080,
  tls: false,
  empty: '',
  none: null,
  zero: 0,
  hosts: [
    { ip: '10.0.0.1', up: true },
    { ip: '10.0.0.2', up: false },
  ],
  words: ['a', 'b'],
  deep: { inner: { value: 'x', port: 1 } },
}

const whereIs = (line: number) => `files/x.mustache:${line}`
const filled = (text: string) => fillTemplate({ text, whereIs }, values)

const troubleOf = async (text: string): Promise<Trouble> => {
  try {
    await filled(text)
  } catch (error) {
    if (error instanceof TroubleError) return error.trouble
    throw error
  }
  throw new Error(`no trouble with ${text}`)
}

test('a template is filled in, and nothing is escaped', async () => {
  const table: readonly (readonly [string, string])[] = [
    ['', ''],
    ['{{name}} {{{name}}} {{&name}}', 'a <b> & "c" a <b> & "c" a <b> & "c"'],
    ['listen {{port}};{{! a comment }}', 'listen 8080;'],
    ['{{empty}}|{{none}}|{{zero}}|{{tls}}', '||0|false'],
    ['{{#tls}}ssl{{/tls}}{{^tls}}plain{{/tls}}', 'plain'],
    ['{{#hosts}}\n{{ip}}{{#up}} up{{/up}}\n{{/hosts}}\n', '10.0.0.1 up\n10.0.0.2\n'],
    ['{{#hosts}}{{ip}}:{{port}} {{/hosts}}', '10.0.0.1:8080 10.0.0.2:8080 '],
    ['{{#words}}{{.}},{{/words}}', 'a,b,'],
    ['{{deep.inner.value}}{{#deep.inner}}{{port}}{{/deep.inner}}', 'x1'],
    ['{{=<% %>=}}<% port %> {{port}}', '8080 {{port}}'],
    ['  {{#port}}\n  x\n  {{/port}}\n', '  x\n'],
  ]
  for (const [text, result] of table) assert.equal(await filled(text), result, text)
})

test('a variable that is not there is told with the line of the template', async () => {
  assert.deepEqual(await troubleOf('a\nb\n  {{prot}}\n'), {
    what: 'the template says {{prot}}, and there is no such variable',
    where: 'files/x.mustache:3',
    now: "did you mean 'port'?",
  })
  assert.deepEqual(await troubleOf('{{#hosts}}\n{{adress}}\n{{/hosts}}'), {
    what: 'the template says {{adress}}, and there is no such variable',
    where: 'files/x.mustache:2',
    now: 'known: ip, up, name, port, tls, empty, none, zero, hosts, words, deep',
  })
  assert.equal((await troubleOf('{{deep.iner.value}}')).now, "did you mean 'inner'?")
  assert.equal((await troubleOf('{{#sometimes}}x{{/sometimes}}')).where, 'files/x.mustache:1')
  assert.equal((await troubleOf('{{^sometimes}}x{{/sometimes}}')).where, 'files/x.mustache:1')
})

test('what every object of JavaScript has is no variable', async () => {
  for (const name of ['constructor', 'toString', '__proto__', 'deep.constructor', 'words.length'])
    assert.equal(
      (await troubleOf(`{{${name}}}`)).what,
      `the template says {{${name}}}, and there is no such variable`,
    )
})

test('a list or an object is not printed', async () => {
  assert.deepEqual(await troubleOf('\n{{words}}'), {
    what: 'the template prints {{words}}, which is a list',
    where: 'files/x.mustache:2',
    now: 'go through it with {{#words}} … {{/words}}',
  })
  assert.equal((await troubleOf('{{deep}}')).what, 'the template prints {{deep}}, which is an object')
})

test('a template that cannot be read says where', async () => {
  const now = 'write {{name}}, or {{#name}} … {{/name}} for a part of the template'
  const table: readonly (readonly [string, string, number])[] = [
    ['a\n{{#tls}}\nb\n', 'unclosed section "tls"', 4],
    ['a\n{{port\n', 'unclosed tag', 3],
    ['a\n{{/port}}\n', 'unopened section "port"', 2],
  ]
  for (const [text, what, line] of table)
    assert.deepEqual(await troubleOf(text), {
      what: `the template cannot be read: ${what}`,
      where: `files/x.mustache:${line}`,
      now,
    })
  assert.deepEqual(await troubleOf('a\n{{> other}}'), {
    what: "the template asks for another one, 'other'",
    where: 'files/x.mustache:2',
    now: 'write its lines here; templates stand for themselves',
  })
})
