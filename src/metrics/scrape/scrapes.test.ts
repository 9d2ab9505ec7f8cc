import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TryIntake, tryIntake } from '../try-intake.ts'
import type { Scraped } from './plan.ts'
import { Scrapes } from './scrapes.ts'
import { said, tryPlan } from './try-plan.ts'

type World = Readonly<{
  intake: TryIntake
  scrapes: Scrapes
  at: (atMs: number, outcome: Scraped['outcome'], labels?: Scraped['labels']) => readonly string[]
}>

function world(plan = tryPlan('a')): World {
  const intake = tryIntake()
  const scrapes = new Scrapes(intake)
  scrapes.set([plan], 0)
  const at: World['at'] = (atMs, outcome, labels = {}) =>
    linesOf(intake, () => scrapes.record({ id: plan.id, labels, atMs, tookMs: 250, outcome }))
  return { intake, scrapes, at }
}

/** What came in meanwhile, without what is the same in all lines. */
function linesOf(intake: TryIntake, work: () => void): readonly string[] {
  const before = intake.lines().length
  work()
  return intake
    .lines()
    .slice(before)
    .map((line) => line.replace('{instance="a",job="app"}', ''))
}

const own = (atMs: number, [up, samples, added]: readonly [number, number, number]): readonly string[] => [
  `up ${up} @${atMs}`,
  `scrape_duration_seconds 0.25 @${atMs}`,
  `scrape_samples_scraped ${samples} @${atMs}`,
  `scrape_samples_post_metric_relabeling ${samples} @${atMs}`,
  `scrape_series_added ${added} @${atMs}`,
]

test('what is said no more is stale, and what is new is counted', () => {
  const { at } = world()
  assert.deepEqual(at(1, said('x 1\ny 2\n')), ['x 1 @1', 'y 2 @1', ...own(1, [1, 2, 2])])
  assert.deepEqual(at(2, said('y 3\nz 4\n')), ['y 3 @2', 'z 4 @2', 'x stale @2', ...own(2, [1, 2, 1])])
  assert.deepEqual(at(3, said('z 4\ny 3\n')), ['z 4 @3', 'y 3 @3', ...own(3, [1, 2, 0])])
})

test('a target that answers nothing is down, and all it said before is stale, once', () => {
  const { at, scrapes } = world()
  at(1, said('x 1\n'))
  assert.deepEqual(at(2, { type: 'failed', why: 'gone' }), ['x stale @2', ...own(2, [0, 0, 0])])
  assert.deepEqual(at(3, { type: 'failed', why: 'gone' }), own(3, [0, 0, 0]))
  const [state] = scrapes.states()
  assert.deepEqual([state?.health, state?.why, state?.atMs, state?.tookMs], ['down', 'gone', 3, 250])
  assert.deepEqual(at(4, said('x 1\n')), ['x 1 @4', ...own(4, [1, 1, 1])])
})

test('of an answer that cannot be read nothing is taken, and what is wrong is named with its line', () => {
  const { at, scrapes } = world()
  at(1, said('x 1\n'))
  assert.deepEqual(at(2, said('x 1\nwhat is this\n')), ['x stale @2', ...own(2, [0, 0, 0])])
  assert.match(scrapes.states()[0]?.why ?? '', /line 2/)
})

test('more samples than are allowed are none', () => {
  const { at, scrapes } = world(tryPlan('a', { limits: { bytes: 100, samples: 2 } }))
  assert.deepEqual(at(1, said('x 1\ny 2\nz 3\n')), own(1, [0, 0, 0]))
  assert.match(scrapes.states()[0]?.why ?? '', /more than 2 samples/)
})

test('a target that is taken out ends with all it had', () => {
  const { at, intake, scrapes } = world()
  at(1, said('x 1\n'))
  const ended = linesOf(intake, () => scrapes.set([], 5))
  assert.deepEqual(ended, [
    'x stale @5',
    'up stale @5',
    'scrape_duration_seconds stale @5',
    'scrape_samples_scraped stale @5',
    'scrape_samples_post_metric_relabeling stale @5',
    'scrape_series_added stale @5',
  ])
  assert.deepEqual(scrapes.states(), [])
  assert.deepEqual(at(6, said('x 1\n')), [])
})

test('another release is another series, and the one before ends when it comes', () => {
  const { at, scrapes } = world()
  at(1, said('x 1\n'), { release: 'old' })
  const lines = at(2, said('x 5\n'), { release: 'new' })
  assert.ok(lines.includes('x{instance="a",job="app",release="old"} stale @2'))
  assert.ok(lines.includes('up{instance="a",job="app",release="old"} stale @2'))
  assert.ok(lines.includes('x{instance="a",job="app",release="new"} 5 @2'))
  // Who does not answer does not say which release that is.
  const down = at(3, { type: 'failed', why: 'gone' })
  assert.ok(down.includes('up{instance="a",job="app",release="new"} 0 @3'))
  assert.deepEqual(scrapes.states()[0]?.labels, { job: 'app', instance: 'a', release: 'new' })
})

test('labels and times of a target count as it is said', () => {
  const answer = said('x{job="mine"} 1 77\n')
  assert.equal(world().at(1_000, answer)[0], 'x{exported_job="mine",instance="a",job="app"} 1 @77')
  const honest = world(tryPlan('a', { honorLabels: true, honorTimestamps: false }))
  assert.equal(honest.at(1_000, answer)[0], 'x{instance="a",job="mine"} 1 @1000')
})

test('what has a time of its own does not end when it is said no more', () => {
  const { at } = world()
  at(1_000, said('x 1 77\n'))
  assert.deepEqual(at(2_000, said('')), own(2_000, [1, 0, 0]))
})

test('a disk that takes nothing is told, and the time after goes on where it was', () => {
  const { at, intake, scrapes } = world()
  at(1, said('x 1\ny 1\n'))
  intake.fail(new Error('no space left'))
  assert.throws(() => at(2, said('x 2\n')), /no space left/)
  assert.match(scrapes.states()[0]?.why ?? '', /was not kept: no space left/)
  intake.fail(null)
  assert.deepEqual(at(3, said('x 2\n')), ['x 2 @3', 'y stale @3', ...own(3, [1, 1, 0])])
})

test('numbers of series that were forgotten are asked for again', () => {
  const { at, intake } = world()
  at(1, said('x 1\n'))
  intake.forget()
  assert.deepEqual(at(2, said('x 2\n')), ['x 2 @2', ...own(2, [1, 1, 0])])
})

test('a target with other labels ends under those it had', () => {
  const { at, intake, scrapes } = world()
  at(1, said('x 1\n'))
  const other = tryPlan('a', { labels: { job: 'app', instance: 'a', team: 'shop' } })
  assert.equal(linesOf(intake, () => scrapes.set([other], 2))[0], 'x stale @2')
  assert.equal(at(3, said('x 2\n'))[0], 'x{instance="a",job="app",team="shop"} 2 @3')
  assert.deepEqual(
    linesOf(intake, () => scrapes.set([other], 4)),
    [],
  )
})
