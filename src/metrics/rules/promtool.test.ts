import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { valueText } from '../promql/format.ts'
import { GroupRun } from './group-run.ts'
import { groupOf, promtoolMissing, tryWorld } from './try-world.ts'

describe('rules beside promtool', () => {
  test('come to the same', { skip: promtoolMissing() }, async () => {
    const series = {
      'requests_total{code="200",host="a"}': [0, 60, 180, 181, 240, 300, 10, 70, 130, 190],
      'requests_total{code="500",host="a"}': [0, 1, 1, 2, 5, 9, 9, 10, 12, 12],
      'requests_total{code="200",host="b"}': [5, 5, 50, 80, 'stale', null, null, null, 3, 9],
      'temperature{host="b"}': [1.5, -2, NaN, 0, 1e9, 1e-9, 3, 3, 3, 3],
    }
    const rules = `
  - {record: 'host:requests:rate5m', expr: 'sum by (host) (rate(requests_total[5m]))'}
  - {record: 'host:errors:ratio', expr: 'sum by (host) (rate(requests_total{code="500"}[5m])) / host:requests:rate5m'}
  - {record: warm, expr: 'temperature > 2', labels: {kind: warm, host: ''}}
  - {record: recent, expr: 'max_over_time(warm[3m]) or vector(-1)'}
  - {record: gone, expr: 'absent(warm)'}`
    const world = tryWorld()
    for (const [name, values] of Object.entries(series)) {
      const [, metric = '', inside = ''] = /^(\w+)\{(.*)\}$/.exec(name) ?? []
      const labels = Object.fromEntries(
        [...inside.matchAll(/(\w+)="(\w*)"/g)].map(([, key = '', value = '']) => [key, value]),
      )
      world.write(
        metric,
        labels,
        values.flatMap((value, at) => (value === null ? [] : [[at * 60_000, value] as const])),
      )
    }
    const group = groupOf(rules)
    const run = new GroupRun(group, world)
    for (let minute = 0; minute < 10; minute += 1) await run.evaluate(minute * 60_000)
    const expected = await Promise.all(
      Array.from({ length: 10 }, (_, minute) => minute).flatMap((minute) =>
        group.rules.map(async (rule) => {
          const name = rule.type === 'recording' ? rule.record : ''
          return { name, minute, samples: await world.sampled(name, minute * 60_000) }
        }),
      ),
    )
    assert.ok(expected.filter(({ samples }) => samples.length > 0).length > 30, 'too little came out')
    assert.equal(promtoolTest(rules, series, expected), '')
    const some = expected.find(({ samples }) => samples.length > 0)
    assert.ok(some)
    const wrong = some.samples.map((sample) => ({ ...sample, value: sample.value + 1 }))
    assert.match(promtoolTest(rules, series, [{ ...some, samples: wrong }]), /FAILED/)
  })
})

type Expected = Readonly<{
  name: string
  minute: number
  samples: readonly Readonly<{ labels: string; value: number }>[]
}>

/** What promtool says of what we came to; nothing when it comes to the same. */
function promtoolTest(
  rules: string,
  series: Readonly<Record<string, readonly (number | null | string)[]>>,
  expected: readonly Expected[],
): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-rules-'))
  try {
    writeFileSync(join(folder, 'rules.yml'), `groups:\n- name: g\n  interval: 1m\n  rules:${rules}\n`)
    const words = (values: readonly (number | null | string)[]): string =>
      values.map((value) => (value === null ? '_' : String(value))).join(' ')
    const test = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({
            series: name,
            values: words(values),
          })),
          promql_expr_test: expected.map(({ name, minute, samples }) => ({
            expr: name,
            eval_time: `${minute}m`,
            exp_samples: samples.map(({ labels, value }) => ({ labels, value: valueText(value) })),
          })),
        },
      ],
    }
    // JSON is YAML; numbers stand there as texts, which promtool reads as numbers.
    const text = JSON.stringify(test).replaceAll(
      /"value":"([^"]+)"/g,
      (_, value: string) => `"value": ${value === 'NaN' ? '.nan' : value}`,
    )
    writeFileSync(join(folder, 'test.yml'), text)
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yml'], {
      cwd: folder,
      encoding: 'utf8',
    })
    return status === 0 ? '' : stdout + stderr
  } finally {
    rmSync(folder, { recursive: true })
  }
}
