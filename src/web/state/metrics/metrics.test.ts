import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChangeMarkView, MarkView } from '../../../api/wire/marks.ts'
import { markWords } from '../../words/metrics/mark-words.ts'
import { panelWords } from '../../words/metrics/panel-words.ts'
import { unitWords } from '../../words/metrics/unit-words.ts'
import { besideMs, besideOf, movedBy, watchedOf } from './effect.ts'
import { groupsOf, isHollow, keyOfMark, timeOf } from './marks.ts'
import { ownPanels } from './own-panels.ts'
import { panel } from './panel.ts'
import { historyIn, historyLimit, remembering } from './query-history.ts'
import {
  appGraphsAddress,
  exploreAddress,
  frontGraphsAddress,
  graphRouteOf,
  hostGraphsAddress,
  ownGraphsAddress,
} from './route.ts'
import { graphOf, linesLimit } from './series.ts'
import { bounded, firstMs, latest, shifted, spanIn, stepOf, widened, windowOf, withSpan } from './span.ts'

const noon = Date.UTC(2026, 10, 27, 12)
const hour = 3_600_000

const aMark = (wish: Partial<ChangeMarkView> = {}): MarkView => ({
  type: 'change',
  id: 'c1',
  kind: 'deploy',
  does: null,
  target: 'shop@production',
  title: 'deploy shop 3f2a1c9 to production',
  who: 'ada',
  door: 'cli',
  why: 'the basket forgets items',
  status: 'done',
  reverts: null,
  revertedBy: null,
  orderedAt: noon,
  startedAt: noon + 1_000,
  endedAt: noon + 60_000,
  ...wish,
})

test('the time in an address is read back as it was written, and nonsense is none', () => {
  const span = { fromMs: noon, toMs: noon + hour }
  assert.deepEqual(spanIn(withSpan('/graphs/hosts/web1?from=1&to=2&x=y', span)), span)
  assert.match(withSpan('/graphs/explore?query=up', span), /query=up/)
  for (const query of [
    '',
    '?from=5',
    '?from=a&to=b',
    '?from=9&to=1',
    '?from=1&to=2',
    '?from=0&to=999999999999999',
  ])
    assert.equal(spanIn(`/graphs${query}`), null, query)
})

test('a step is round, and no graph has more than some hundred', () => {
  const table = [
    [15 * 60_000, 5_000],
    [hour, 15_000],
    [24 * hour, 300_000],
    [30 * 24 * hour, 10_800_000],
  ] as const
  for (const [width, step] of table) assert.equal(stepOf({ fromMs: 0, toMs: width }), step)
  assert.deepEqual([windowOf(15_000), windowOf(300_000)], ['60s', '300s'])
})

test('time is shifted, widened and bounded around its middle', () => {
  const span = { fromMs: noon, toMs: noon + hour }
  assert.deepEqual(shifted(span, -0.5), { fromMs: noon - hour / 2, toMs: noon + hour / 2 })
  assert.deepEqual(widened(span), { fromMs: noon - hour / 2, toMs: noon + (hour * 3) / 2 })
  assert.deepEqual(bounded({ fromMs: noon, toMs: noon + 10 }), { fromMs: noon - 29_995, toMs: noon + 30_005 })
  const live = latest(hour, noon + 7_001)
  assert.deepEqual(live, { fromMs: noon - hour, toMs: noon })
  const ages = [10_000, 400_000, 2 * hour, 300 * hour].map((ageMs) => firstMs(noon - ageMs, noon) / 60_000)
  assert.deepEqual([...ages, firstMs(null, noon) / 60_000], [5, 15, 180, 180, 180])
})

test('every mark is in exactly one group, however close they lie and wherever they began', () => {
  const span = { fromMs: noon, toMs: noon + 24 * hour }
  const marks = Array.from({ length: 1_000 }, (_, nth) =>
    aMark({ id: `c${nth}`, startedAt: noon - hour + ((nth * 7_919) % 1_000) * 90_000 }),
  )
  for (const widthPx of [50, 400, 5_000]) {
    const groups = groupsOf(marks, span, { widthPx, apartPx: 15 })
    const inside = groups.flatMap((group) => group.marks.map(keyOfMark))
    assert.deepEqual(inside.toSorted(), marks.map(keyOfMark).toSorted())
    for (const group of groups) assert.ok(group.at >= 0 && group.at <= 1)
    for (const [nth, group] of groups.entries()) {
      const times = group.marks.map(timeOf)
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      )
      const next = groups[nth + 1]
      if (next !== undefined) assert.ok((next.at - group.at) * widthPx >= 7.5, `${widthPx}`)
    }
  }
})

test('what is not in force is hollow, and a group only when all of it is', () => {
  assert.equal(isHollow(aMark()), false)
  assert.equal(isHollow(aMark({ revertedBy: 'c2' })), true)
  for (const status of ['undone', 'refused', 'withdrawn'] as const)
    assert.equal(isHollow(aMark({ status })), true)
  const span = { fromMs: noon, toMs: noon + hour }
  const [group] = groupsOf([aMark(), aMark({ id: 'c2', kind: 'flip', revertedBy: 'c3' })], span, {
    widthPx: 400,
    apartPx: 15,
  })
  assert.deepEqual([group?.kind, group?.isHollow, group?.marks.length], ['many', false, 2])
})

test('numbers are laid onto the times that were asked for, and what cannot be drawn is a gap', () => {
  const query = panel('Load', 'number', { query: 'node_load1', name: '{{host}}' }).queries[0]
  assert.ok(query !== undefined)
  const points = [
    [noon / 1_000, '1'],
    [noon / 1_000 + 15, 'NaN'],
    [noon / 1_000 + 45, '+Inf'],
    [noon / 1_000 + 60, '2.5'],
  ] as const
  const past = points.map(([at, value]) => [at - 604_800, value] as const)
  const labels = { host: 'web1' }
  const span = { fromMs: noon - 3, toMs: noon + 60_000 }
  const graph = graphOf(
    [{ query, now: [{ labels, points }], before: [{ labels, points: past }] }],
    span,
    15_000,
  )
  assert.deepEqual(
    graph.times.map((at) => at - noon),
    [0, 15_000, 30_000, 45_000, 60_000],
  )
  assert.deepEqual(graph.lines[0]?.values, [1, null, null, null, 2.5])
  assert.deepEqual(graph.lines[0]?.before, [1, null, null, null, 2.5])
  assert.equal(graph.lines[0]?.name, 'web1')
})

test('series are called after what tells them apart, and too many are counted', () => {
  const [query] = panel('CPU', 'share', 'rate(node_cpu_seconds_total[$window])').queries
  assert.ok(query !== undefined)
  const now = Array.from({ length: linesLimit + 3 }, (_, nth) => ({
    labels: { __name__: 'x', host: 'web1', cpu: `${nth}`, core: `${nth}` },
    points: [],
  }))
  const graph = graphOf([{ query, now, before: null }], { fromMs: noon, toMs: noon + hour }, 15_000)
  assert.deepEqual([graph.lines.length, graph.leftOut, graph.lines[1]?.name], [linesLimit, 3, '1'])
})

test('numbers are read with their unit, and small ones are not nought', () => {
  const table = [
    [0, 'seconds', '0 s'],
    [0.00042, 'seconds', '420 µs'],
    [0.0421, 'seconds', '42.1 ms'],
    [7_200, 'seconds', '2 h'],
    [250, 'milliseconds', '250 ms'],
    [1_536, 'bytes', '1.5 KB'],
    [8 * 2 ** 30, 'bytes per second', '8 GB/s'],
    [0.1234, 'share', '12.3 %'],
    [0.00001, 'share', '0.001 %'],
    [99.5, 'percent', '99.5 %'],
    [12_345, 'per second', '12.3 k/s'],
    [-3, 'number', '-3'],
  ] as const
  for (const [value, unit, words] of table) assert.equal(unitWords(value, unit), words)
})

test('a graph and a mark can be heard', () => {
  const { queries } = panel('Load', 'number', { query: 'node_load1', name: 'load' })
  const [query] = queries
  assert.ok(query !== undefined)
  const span = { fromMs: noon, toMs: noon + 60_000 }
  const points = [[noon / 1_000, '1'] as const, [noon / 1_000 + 60, '3'] as const]
  const graph = graphOf([{ query, now: [{ labels: {}, points }], before: null }], span, 60_000)
  assert.match(panelWords(graph, span, [aMark()]), /1 line.*load: last 3, from 1 to 3; 1 change marked/)
  assert.match(
    markWords(aMark({ revertedBy: 'c2' })),
    /^c1 deploy shop .*, reverted, by ada, .*: the basket forgets/,
  )
})

test('what something says of itself is drawn by what it is: by second, by quantiles, as it stands', () => {
  const names = [
    'shop_orders_total',
    'shop_wait_seconds_bucket',
    'shop_wait_seconds_sum',
    'shop_wait_seconds_count',
    'shop_queue',
    'up',
    'shop_build_info',
    'process_start_time_seconds',
    'process_cpu_seconds_total',
  ]
  const drawn = ownPanels('app="shop"', names, { shop_queue: [{ type: 'gauge', help: '' }] })
  assert.deepEqual(
    drawn.map(({ title, queries }) => [title, queries[0]?.unit, queries.length]),
    [
      ['Processor', 'number', 1],
      ['shop_wait_seconds', 'seconds', 3],
      ['shop_orders_total', 'per second', 1],
      ['shop_queue', 'number', 1],
    ],
  )
})

test('the pages of graphs have addresses', () => {
  const table = [
    ['/graphs', { page: 'graphs' }],
    ['/graphs/hub', { page: 'graphs of hub' }],
    [appGraphsAddress('shop@production'), { page: 'graphs of app', target: 'shop@production' }],
    [hostGraphsAddress('web1'), { page: 'graphs of host', host: 'web1' }],
    [frontGraphsAddress('web1'), { page: 'graphs of front', host: 'web1' }],
    [ownGraphsAddress('the shop'), { page: 'own graphs', name: 'the shop' }],
    ['/graphs/explore', { page: 'explore', query: '', as: 'graph' }],
    [exploreAddress('a{b="c"} + d', 'table'), { page: 'explore', query: 'a{b="c"} + d', as: 'table' }],
    ['/graphs/hosts/%', null],
    ['/graphs/nothing', null],
  ] as const
  for (const [address, route] of table) {
    const { pathname, searchParams } = new URL(address, 'http://hub')
    assert.deepEqual(graphRouteOf(pathname, searchParams), route, address)
  }
})

test('queries asked before are remembered once each, the newest first, and nonsense is forgotten', () => {
  assert.deepEqual(remembering(['a', 'b'], 'b'), ['b', 'a'])
  const many = Array.from({ length: historyLimit }, (_, nth) => `${nth}`)
  assert.equal(remembering(many, 'new').length, historyLimit)
  for (const kept of [null, '{', '{"a":1}', '[1,2]']) assert.deepEqual(historyIn(kept), [])
  assert.deepEqual(historyIn('["up",3]'), ['up'])
})

test('a change is compared over two times of equal length, and one that has just ended not at all', () => {
  const [began, ended] = [noon, noon + 120_000]
  const long = besideOf(began, ended, noon + 24 * hour)
  assert.deepEqual(long.before, { fromMs: noon - besideMs, toMs: noon })
  assert.deepEqual(long.after, { fromMs: ended, toMs: ended + besideMs })
  const short = besideOf(began, ended, ended + 300_000)
  assert.deepEqual(short.before, { fromMs: noon - 300_000, toMs: noon })
  assert.deepEqual(short.after, { fromMs: ended, toMs: ended + 300_000 })
  assert.equal(besideOf(began, ended, ended + 59_000).after, null)
  assert.equal(besideOf(began, null, noon + hour).after, null)
  assert.deepEqual([movedBy(2, 3), movedBy(0, 3), movedBy(null, 3), movedBy(4, 1)], [0.5, null, null, -0.75])
})

test('what a change touched says which numbers are looked at', () => {
  const of = (kind: string, target: string, hosts: readonly string[] = []) =>
    watchedOf({ kind, target, hosts })
      .map(({ query }) => query)
      .join(' ')
  assert.match(
    of('deploy', 'shop@production'),
    /haproxy_backend_http_responses_total\{app="shop",env="production"/,
  )
  assert.match(of('flip', 'new.button@production'), /\{env="production"\}/)
  assert.match(of('apply', 'infra', ['web1', 'db.example']), /host=~"web1\|db\\\\\.example"/)
  assert.deepEqual([of('apply', 'infra'), of('other', 'x')], ['', ''])
})
