import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Unreadable } from '../unreadable.ts'
import { type Perfdatum, readPerfdata } from './perfdata.ts'
import { perfSamples } from './perfdata-samples.ts'

const bare = { unit: '', warn: null, crit: null, min: null, max: null } as const

const range = (from: number | null, to: number | null, isInside = false) => ({ from, to, isInside })

describe('numbers of plugins of Nagios', () => {
  const cases: readonly (readonly [string, readonly Partial<Perfdatum>[]])[] = [
    ['OK - all well', []],
    ['OK | time=0.5', [{ label: 'time', value: 0.5 }]],
    [
      'load1=0.260;5.000;6.000;0; load5=,5',
      [
        { label: 'load1', value: 0.26, warn: range(0, 5), crit: range(0, 6), min: 0 },
        { label: 'load5', value: 0.5 },
      ],
    ],
    [
      'PING OK - rta = 5 ms|rta=12.5ms;100;500;0 pl=4%;20;60;0;100',
      [
        { label: 'rta', value: 0.0125, unit: 'seconds', warn: range(0, 0.1), crit: range(0, 0.5), min: 0 },
        { label: 'pl', value: 0.04, unit: 'ratio', warn: range(0, 0.2), crit: range(0, 0.6), min: 0, max: 1 },
      ],
    ],
    [
      "DISK OK | /=2MB;3;4;0;5 '/my home'=1GB;;;; 'it''s=x'=7c\nlong text\nmore | a=1us\nb=U",
      [
        {
          label: '/',
          value: 2 ** 21,
          unit: 'bytes',
          warn: range(0, 3 * 2 ** 20),
          crit: range(0, 4 * 2 ** 20),
          min: 0,
          max: 5 * 2 ** 20,
        },
        { label: '/my home', value: 2 ** 30, unit: 'bytes' },
        { label: "it's=x", value: 7, unit: 'counter' },
        { label: 'a', value: 1e-6, unit: 'seconds' },
        { label: 'b', value: null },
      ],
    ],
    [
      'a=1;10:;~:10 b=1;10:20;@10:20 c=-1.5e-3;@5 d=3widgets',
      [
        { label: 'a', value: 1, warn: range(10, null), crit: range(null, 10) },
        { label: 'b', value: 1, warn: range(10, 20), crit: range(10, 20, true) },
        { label: 'c', value: -0.0015, warn: range(0, 5, true) },
        { label: 'd', value: 3 },
      ],
    ],
  ]
  for (const [text, wanted] of cases)
    test(`are found in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(
        readPerfdata(text),
        wanted.map((each) => ({ ...bare, ...each })),
      ))

  test('are refused when they are none', () => {
    for (const [text, fault] of [
      ['| a=x', /^a: expected a number and its unit, found "x"$/],
      ['| a=1;x', /^a: expected a number, found "x"$/],
      ['| =1', /^expected 'label'=value, found "=1"$/],
      ["| 'a=1", /^expected 'label'=value, found "'a=1"$/],
    ] as const)
      assert.throws(
        () => readPerfdata(text),
        (thrown) => thrown instanceof Unreadable && fault.test(thrown.message),
      )
  })

  test('become samples with thresholds beside them', () => {
    const [datum] = readPerfdata("'used %'=40%;80;@10:20;0;100")
    assert.ok(datum !== undefined)
    const samples = perfSamples('disk space', datum).map(({ said, value, described }) => [
      Object.fromEntries(said),
      value,
      described.type,
      described.unit,
    ])
    const name = 'nagios_disk_space_used'
    const perf = 'used %'
    assert.deepEqual(samples, [
      [{ __name__: name, perf }, 0.4, 'gauge', 'ratio'],
      [{ __name__: `${name}_warn`, perf, bound: 'upper' }, 0.8, 'gauge', 'ratio'],
      [{ __name__: `${name}_crit`, perf, bound: 'lower' }, 0.1, 'gauge', 'ratio'],
      [{ __name__: `${name}_crit`, perf, bound: 'upper' }, 0.2, 'gauge', 'ratio'],
      [{ __name__: `${name}_min`, perf }, 0, 'gauge', 'ratio'],
      [{ __name__: `${name}_max`, perf }, 1, 'gauge', 'ratio'],
    ])
    const [counted, unknown] = readPerfdata('hits=7c x=U')
    assert.ok(counted !== undefined && unknown !== undefined)
    assert.deepEqual(
      perfSamples('web', counted).map(({ described }) => described),
      [{ type: 'counter', help: 'web: hits, as a plugin of Nagios says it', unit: '' }],
    )
    assert.deepEqual(perfSamples('web', unknown), [])
  })

  const plugins = '/usr/lib/nagios/plugins'
  const none = existsSync(`${plugins}/check_load`) ? false : 'monitoring-plugins are not installed here'
  test('are found in what real plugins print', { skip: none }, () => {
    const printed = (plugin: string, ...args: string[]): string =>
      spawnSync(`${plugins}/${plugin}`, args, { encoding: 'utf8' }).stdout
    const load = readPerfdata(printed('check_load', '-w', '5,4,3', '-c', '10,9,8'))
    assert.deepEqual(
      load.map(({ label }) => label),
      ['load1', 'load5', 'load15'],
    )
    const disks = readPerfdata(printed('check_disk', '-w', '10%', '-c', '5%', '-p', '/'))
    assert.ok((disks[0]?.value ?? 0) > 2 ** 20)
    assert.equal(disks[0]?.label, '/')
  })
})
