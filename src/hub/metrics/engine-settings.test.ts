import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { configReader } from '../../config/reading/keep.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import type { TargetState } from '../../metrics/scrape/plan.ts'
import { engineSettingsOf } from './engine-settings.ts'

const target = (instance: string, host: string): TargetState => ({
  id: instance,
  url: `http://${instance}/metrics`,
  labels: { job: 'shop', instance, host },
  health: 'up',
  why: '',
  atMs: 1,
  tookMs: 1,
  samples: 1,
  intervalMs: 15_000,
  timeoutMs: 10_000,
})

const tandemTs = (metrics: string): string =>
  `import { tandem } from 'tandem'\nexport default tandem({ metrics: ${metrics} })\n`

test('what is set is said as Prometheus would have it written, without secrets', async () => {
  await using project = await scratchProject({
    'tandem.ts': tandemTs(
      "{ keep: { for: '400d', upTo: '20G', late: '2h' }, remote: { write: 'https://far/write', auth: { bearer: 'TOKEN' } } }",
    ),
  })
  let now = 5
  const settings = engineSettingsOf({
    config: configReader(project.dir),
    projectDir: '/srv/shop',
    folder: '/var/lib/hub/metrics',
    limits: { maxSamples: 20_000_000, timeoutMs: 60_000 },
    targets: async () => [target('web1:80', 'web1'), target('web2:80', 'web2')],
    now: () => now,
  })
  const { yaml, flags, retention, isRead, readAt } = await settings()
  assert.deepEqual([retention, isRead, readAt], ['400d or 20GiB', true, 5])
  assert.equal(
    yaml,
    `global:
  scrape_interval: 15s
  scrape_timeout: 10s
  evaluation_interval: 1m
scrape_configs:
- job_name: shop
  scrape_interval: 15s
  scrape_timeout: 10s
  static_configs:
  - targets:
    - web1:80
    labels:
      host: web1
  - targets:
    - web2:80
    labels:
      host: web2
storage:
  tsdb:
    out_of_order_time_window: 2h
remote_write:
- url: https://far/write
`,
  )
  assert.deepEqual(
    [flags['storage.tsdb.retention.time'], flags['storage.tsdb.retention.size'], flags['query.timeout']],
    ['400d', '20GiB', '1m'],
  )
  now = 6
  await writeFile(join(project.dir, 'tandem.ts'), 'this is no configuration')
  assert.deepEqual(await settings(), { yaml, flags, retention, isRead: false, readAt: 5 })
  await writeFile(join(project.dir, 'tandem.ts'), tandemTs('{}'))
  now = 7
  const later = await settings()
  assert.deepEqual([later.retention, later.isRead, later.readAt], ['90d', true, 7])
})
