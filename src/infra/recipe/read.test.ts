import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { secretMark } from '../../config/reading/said.ts'
import { readSaid } from './read.ts'
import { type Call, line, saying } from './try-recipe.ts'

test('what recipes say becomes resources that know what they come after', () => {
  const resources = readSaid(
    'web1',
    saying(
      ['apt', ['nginx', 'curl']],
      ['file', '/etc//nginx/nginx.conf', { content: 'x', mode: '0640', after: line(1) }],
      ['directory', '/srv', { after: [line(1), line(2)] }],
      ['service', 'nginx', { running: true, restartOn: [line(2)], reloadOn: line(3), after: line(2) }],
    ),
  )
  assert.deepEqual(
    resources.map(({ id, after }) => [id, after]),
    [
      ['apt nginx curl', []],
      ['file /etc/nginx/nginx.conf', [0]],
      ['directory /srv', [0, 1]],
      ['service nginx', [1, 2]],
    ],
  )
  assert.deepEqual(resources[1]?.options, { content: 'x', mode: 0o640, after: [0] })
  assert.deepEqual(resources[1]?.at, { file: 'tandem.ts', line: 2, column: 3 })
})

test('two resources of one name are told apart', () => {
  const resources = readSaid(
    'web1',
    saying(['apt', 'curl'], ['apt', 'git'], ['apt', 'curl'], ['apt', 'curl']),
  )
  assert.deepEqual(
    resources.map(({ id }) => id),
    ['apt curl', 'apt git', 'apt curl #2', 'apt curl #3'],
  )
})

const bad: readonly (readonly [call: Call, says: string])[] = [
  [['fiel', '/a'], "no resource is called 'fiel'; did you mean 'file'?"],
  [['file', '/a', { contnet: 'x' }], "unknown key 'contnet' in file (/a); did you mean 'content'?"],
  [
    ['file', '/a', { content: 'x', user: 'ada' }],
    "unknown key 'user' in file (/a); known there: content, source, mode, owner, group, absent, check, after",
  ],
  [
    ['file', 'a', { content: 'x' }],
    "file.name is 'a' but must be an absolute path, such as '/etc/motd' or '~deploy/.profile' (a); write one like that",
  ],
  [
    ['file', 7, { content: 'x' }],
    "file.name is 7 but must be an absolute path, such as '/etc/motd' or '~deploy/.profile'; write one like that",
  ],
  [
    ['file', '/a', { content: 7 }],
    "file.content is 7 but must be a text, such as 'hello\\n' (/a); write one like that",
  ],
  [
    ['file', '/a', 'x'],
    "file is 'x' but must be an object, such as { content: 'hello\\n' } (/a); write one like that",
  ],
  [
    ['file', '/a', { content: 'x', mode: 644 }],
    "file.mode is 644 but must be a mode, such as '0644' (/a); write '0644'",
  ],
  [
    ['file', '/a', { content: 'x', after: '/b' }],
    "file.after is '/b' but must be a resource or a list of them, such as apt('nginx') (/a); write one like that",
  ],
  [
    ['file', `/a${secretMark('B')}`, { content: 'x' }],
    'file.name has a secret in it; names are shown to everybody; take another',
  ],
  [
    ['service', 'nginx', { runing: true }],
    "unknown key 'runing' in service (nginx); did you mean 'running'?",
  ],
]

for (const [call, says] of bad) {
  test(`this is told of a recipe: ${says.replaceAll('\u{E000}', '')}`, () => {
    const said = saying(['apt', 'curl'], call)
    assert.throws(
      () => readSaid('web1', said),
      (error) => {
        assert.ok(error instanceof TroubleError)
        const { what, now, where, host, tail } = error.trouble
        assert.deepEqual([where, host, tail], ['tandem.ts:2:3', 'web1', undefined])
        assert.equal(`${what}; ${now}`, says)
        return true
      },
    )
  })
}

test('all mistakes of a host are told at once, in the order of their places, fifty of them', () => {
  const calls = Array.from({ length: 60 }, (_, nth): Call => [
    'file',
    `/${nth}`,
    { contnet: 'x', content: 'y' },
  ])
  assert.throws(
    () => readSaid('web1', saying(...calls).toReversed()),
    (error) => {
      assert.ok(error instanceof TroubleError)
      const { what, where, tail = [] } = error.trouble
      assert.equal(`${where}: ${what}`, "tandem.ts:1:3: unknown key 'contnet' in file (/0)")
      assert.equal(tail[0], "tandem.ts:2:3: unknown key 'contnet' in file (/1); did you mean 'content'?")
      assert.deepEqual([tail.length, tail.at(-1)], [51, 'and 9 more'])
      return true
    },
  )
})
