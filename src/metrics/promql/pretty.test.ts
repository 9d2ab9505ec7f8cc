import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuery } from './parse/parse.ts'
import { pretty } from './pretty.ts'
import { print } from './print.ts'

const long = `{job="web", instance="web1:9100", path="${'a'.repeat(50)}"}`

test('what is long has lines of its own, and what is short stays as it is', () => {
  const cases: readonly (readonly [query: string, lines: readonly string[]])[] = [
    ['sum(up)', ['sum(up)']],
    [
      `sum by (job) (rate(up${long}[5m])) / 2`,
      [
        '  sum by (job) (',
        '    rate(',
        `      up{instance="web1:9100",job="web",path="${'a'.repeat(50)}"}[5m]`,
        '    )',
        '  )',
        '/',
        '  2',
      ],
    ],
    [
      `topk(3, up${long} offset 5m)`,
      ['topk(', '  3,', `  up{instance="web1:9100",job="web",path="${'a'.repeat(50)}"} offset 5m`, ')'],
    ],
  ]
  for (const [query, lines] of cases) assert.deepEqual(pretty(parseQuery(query)).split('\n'), lines)
})

test('it reads back as what it was', () => {
  for (const query of [
    `-(sum(up${long}) > bool on (job) group_left (a) up${long})`,
    `max_over_time((up${long} / up${long})[1h:5m] offset 10m)`,
    `label_replace(up${long}, "a", "$1", "instance", "(.*)") or vector(1)`,
  ]) {
    const read = parseQuery(query)
    const text = pretty(read)
    assert.ok(text.includes('\n'))
    assert.equal(print(parseQuery(text)), print(read))
  }
})
