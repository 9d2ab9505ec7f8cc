import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { seeded } from '../../../../lab/random.ts'
import { parseQuery } from '../../promql/parse/parse.ts'
import { promtoolMissing } from '../try-world.ts'
import { readRules } from './read-rules.ts'

const rule = (lines: string): string =>
  `groups:\n- name: a\n  rules:\n  - ${lines.replaceAll('\n', '\n    ')}\n`
const group = (lines: string): string => `groups:\n- ${lines.replaceAll('\n', '\n  ')}\n`

/** Each with the mistakes that are found in it. */
const files: readonly Readonly<{ text: string; mistakes: readonly string[] }>[] = [
  { text: '', mistakes: [] },
  { text: '# nothing\n', mistakes: [] },
  { text: 'groups:\n', mistakes: [] },
  { text: '\ufeffgroups: []', mistakes: [] },
  { text: group('name: 1'), mistakes: [] },
  { text: group('name: a\ninterval: 1h30m\nlimit: -1'), mistakes: [] },
  { text: group('name: a\ninterval: 0'), mistakes: [] },
  { text: group('name: a\nlimit: 1.0'), mistakes: [] },
  { text: 'groups: [{name: a, rules: [null]}, null]', mistakes: [] },
  { text: rule('record: a:b\nexpr: 1\nlabels: {a: 1, b: true, c: , d: ""}'), mistakes: [] },
  { text: rule('record: :b\nexpr: sum by (x) (rate(y_total[5m]))\nfor: 0s'), mistakes: [] },
  { text: rule('record: a\nexpr: "up[5m]"'), mistakes: [] },
  {
    text: rule(
      'alert: some words\nexpr: up == 0\nfor: 5m\nkeep_firing_for: 1m\nannotations: {a: "{{ $value }}"}',
    ),
    mistakes: [],
  },
  { text: rule('&a\nrecord: a\nexpr: up').concat('  - <<: *a\n    record: b\n'), mistakes: [] },
  {
    text: 'groups: []\nfoo: 1',
    mistakes: ["2: unknown key 'foo' in the file; known there: groups"],
  },
  { text: '- a', mistakes: ['1: the file must be a mapping, and is a list'] },
  { text: 'groups: 5', mistakes: ['1: groups must be a list, and is 5'] },
  { text: group('rules: []'), mistakes: ['2: the group has no name'] },
  {
    text: 'groups:\n- name: a\n- name: a\n',
    mistakes: ["3: there are two groups with the name 'a'"],
  },
  { text: group('name: a\nname: b'), mistakes: ["3: 'name' stands in a group twice"] },
  { text: group('name: a\ninterval: 1x'), mistakes: ['3: interval: not a valid duration string: "1x"'] },
  { text: group('name: a\nlimit: x'), mistakes: ["3: limit must be a whole number, and is the text 'x'"] },
  { text: group('name: a\nlimit: "3"'), mistakes: ["3: limit must be a whole number, and is the text '3'"] },
  {
    text: group('name: a\nquery_offset: 1m'),
    mistakes: ["3: unknown key 'query_offset' in a group; known there: name, interval, limit, rules"],
  },
  {
    text: rule('record: a\nexpr: sum('),
    mistakes: ['5: cannot read the expression: 1:5: parse error: unclosed left parenthesis'],
  },
  {
    text: rule('record: b c\nexpr: up\nfor: 1m\nkeep_firing_for: 1m\nannotations: {a: b}'),
    mistakes: [
      "4: 'b c' cannot be the name of a metric",
      "6: a recording rule has no 'for'",
      "7: a recording rule has no 'keep_firing_for'",
      "8: a recording rule has no 'annotations'",
    ],
  },
  {
    text: rule('record: a\nalert: b\nexpr: up'),
    mistakes: ["4: only one of 'record' and 'alert' may be set"],
  },
  { text: rule('expr: up'), mistakes: ["4: one of 'record' and 'alert' must be set"] },
  { text: rule('record: a'), mistakes: ["4: the rule has no 'expr'"] },
  {
    text: rule('record: a\nexpr: up\nlabels: {__name__: b, a-b: c}'),
    mistakes: ["6: 'a-b' cannot be a name in labels", '6: __name__ is no label to be set'],
  },
  {
    text: rule('record: a\nexpr: up\nlabels: {a: [b]}'),
    mistakes: ['6: a in labels must be a text, and is a list'],
  },
  { text: 'groups:\n\t- a', mistakes: ['2: yaml: Tabs are not allowed as indentation'] },
]

describe('a file of rules', () => {
  test('is read, and what is wrong in it is said with its line', () => {
    for (const { text, mistakes } of files)
      assert.deepEqual(
        readRules('x.yml', text).mistakes.map(({ line, what }) => `${line}: ${what}`),
        mistakes,
        text,
      )
  })

  test('is taken and refused as promtool does', { skip: promtoolMissing() }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-rules-'))
    try {
      files.forEach(({ text, mistakes }, at) => {
        const path = join(folder, `${at}.yml`)
        writeFileSync(path, text)
        const { status, stderr } = spawnSync('promtool', ['check', 'rules', path], { encoding: 'utf8' })
        assert.equal(status === 0, mistakes.length === 0, `${text}\npromtool says: ${stderr}`)
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('gives groups with all that is said of them', () => {
    const text =
      'groups:\n- name: a\n  interval: 30s\n  limit: 3\n  rules:\n  - record: b\n    expr: up\n    labels: {c: d}\n'
    const { groups } = readRules('x.yml', text)
    const expression = parseQuery('up')
    const rules = [{ type: 'recording', record: 'b', query: 'up', expression, labels: { c: 'd' }, line: 6 }]
    assert.deepEqual(groups, [{ file: 'x.yml', name: 'a', intervalMs: 30_000, limit: 3, rules }])
  })

  test('may have one document only: what follows would never be evaluated', () => {
    const { mistakes } = readRules('x.yml', 'groups: []\n---\ngroups: []\n')
    assert.deepEqual(mistakes, [
      { file: 'x.yml', line: 2, what: 'another document begins here, and only one is read' },
    ])
  })

  test('cannot be made large by repeating itself', () => {
    const many = Array.from({ length: 200 }, () => '*r').join(',')
    const groups = Array.from({ length: 200 }, (_, at) => `{name: g${at}, rules: *rs}`).join(',')
    const text = `groups: [{name: a, rules: &rs [&r {record: a, expr: up},${many}]},${groups}]`
    const { mistakes } = readRules('x.yml', text)
    assert.deepEqual(
      mistakes.map(({ what }) => what),
      ['there are more than 10000 rules'],
    )
    const itself = readRules('x.yml', 'groups: [&a {<<: *a, name: b, rules: &c [*c]}]')
    assert.ok(itself.mistakes.length > 0)
  })

  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
  test(`is read or refused whatever stands in it (SEED=${seed})`, () => {
    const random = seeded(seed)
    const pieces = files.flatMap(({ text }) => text.split(/(?<=[\s:{}[\],&*])/))
    for (let round = 0; round < 2000; round += 1) {
      const picked = Array.from(
        { length: random.between(1, 30) },
        () => pieces[random.between(0, pieces.length - 1)],
      )
      const { groups, mistakes } = readRules('x.yml', picked.join(''))
      assert.ok(Array.isArray(groups) && Array.isArray(mistakes))
    }
  })
})
