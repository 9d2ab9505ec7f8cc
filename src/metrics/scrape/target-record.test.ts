import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryIntake } from '../try-intake.ts'
import { TargetRecord } from './target-record.ts'
import { said, tryPlan } from './try-plan.ts'

const outcome = (text: string) => ({ atMs: 0, tookMs: 1, outcome: said(text) })

test('the end of a series is told though another era has begun since', () => {
  const intake = tryIntake()
  const record = new TargetRecord(intake, tryPlan('web'), { job: 'web' })
  record.record({ ...outcome('a 1\nb 2\n'), atMs: 1000 })
  intake.forget()
  record.record({ ...outcome('a 3\n'), atMs: 2000 })
  const lines = intake.lines()
  assert.ok(lines.includes('b{job="web"} stale @2000'), lines.join('\n'))
  assert.ok(!lines.includes('a{job="web"} stale @2000'))
  assert.ok(lines.includes('scrape_series_added{job="web"} 0 @2000'))
})

test('so it is when the target itself goes', () => {
  const intake = tryIntake()
  const record = new TargetRecord(intake, tryPlan('web'), { job: 'web' })
  record.record({ ...outcome('a 1\n'), atMs: 1000 })
  intake.forget()
  record.end(2000)
  const ended = intake.lines().filter((line) => line.includes(' stale @2000'))
  assert.deepEqual(ended.toSorted(), [
    'a{job="web"} stale @2000',
    'scrape_duration_seconds{job="web"} stale @2000',
    'scrape_samples_post_metric_relabeling{job="web"} stale @2000',
    'scrape_samples_scraped{job="web"} stale @2000',
    'scrape_series_added{job="web"} stale @2000',
    'up{job="web"} stale @2000',
  ])
})

test('of a series that was forgotten altogether there is no end', () => {
  const intake = tryIntake()
  const record = new TargetRecord({ ...intake, labelsOf: () => null }, tryPlan('web'), { job: 'web' })
  record.record({ ...outcome('a 1\nb 2\n'), atMs: 1000 })
  intake.forget()
  record.record({ ...outcome('a 3\n'), atMs: 2000 })
  assert.deepEqual(
    intake.lines().filter((line) => line.includes('stale')),
    [],
  )
})
