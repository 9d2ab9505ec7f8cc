import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { labelsOf, without } from '../../labels.ts'
import { labelsText } from '../../promql/labels-text.ts'
import { noScrapes, realRuns } from '../../storage/try-runs.ts'
import { tryIntake } from '../../try-intake.ts'
import { measure } from '../../try-measure.ts'
import { Exposition } from './exposition.ts'

type Scrape = Readonly<{ t: number; job: string; body: string }>

const noPromtool = spawnSync('promtool', ['--version']).status === 0 ? false : 'promtool is not installed'

function scrapes(): readonly Scrape[] {
  const bytes = gunzipSync(readFileSync(measure('real-scrapes.ndjson.gz').path))
  const lines = bytes.toString().trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Scrape).toSorted((a, b) => a.t - b.t)
}

function expositionOf(job: string, intake = tryIntake()): Exposition {
  return new Exposition(intake, {
    labels: labelsOf({ job, instance: `${job}:9100` }),
    honorLabels: false,
    honorTimestamps: true,
    limits: { samples: 10_000, labels: 30, nameLength: 100, valueLength: 1000 },
  })
}

describe('real scrapes', { skip: noScrapes }, () => {
  test('are read as a simpler reader reads them', () => {
    const intake = tryIntake()
    const readers = new Map(['node', 'app'].map((job) => [job, expositionOf(job, intake)]))
    for (const { t, job, body } of scrapes())
      readers.get(job)?.read(Buffer.from(body), { format: 'text', atMs: t })
    const wanted = new Map(realRuns().map(({ labels, values }) => [labels.join('\n'), values]))
    const seen = new Map<string, number[]>()
    for (const { labels, value } of intake.samples()) {
      const values = seen.get(labels.join('\n')) ?? []
      seen.set(labels.join('\n'), values)
      values.push(value)
    }
    assert.equal(seen.size, wanted.size)
    for (const [key, values] of wanted) assert.deepEqual(Float64Array.from(seen.get(key) ?? []), values, key)
    assert.equal(intake.lookups(), wanted.size)
  })

  test('are read as the reader of Prometheus reads them, as OpenMetrics', { skip: noPromtool }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-exposition-'))
    try {
      const [first] = scrapes().filter(({ job }) => job === 'node')
      const body = openMetricsOf(first?.body ?? '')
      const intake = tryIntake()
      expositionOf('node', intake).read(Buffer.from(body), { format: 'openmetrics', atMs: 0 })
      const mine = intake.samples().map(({ labels, ms, value }) => {
        const own = without(labels, new Set(['job', 'instance']))
        return `${labelsText(own)} ${value} ${ms}`
      })
      assert.ok(mine.length > 500)
      assert.deepEqual(mine.toSorted(), dumpOf(folder, body).toSorted())
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

const ownMs = 1_700_000_000_500

/** The same samples in the other format, with a time. */
function openMetricsOf(text: string): string {
  const lines = text.trimEnd().split('\n')
  const samples = lines.map((line) => (line.startsWith('#') ? line : `${line} ${ownMs / 1000}`))
  return `${samples.join('\n')}\n# EOF\n`.replaceAll(/^(# TYPE \S+) untyped$/gm, '$1 unknown')
}

/** What Prometheus has made of it. */
function dumpOf(folder: string, body: string): readonly string[] {
  const [file, blocks] = [join(folder, 'in.txt'), join(folder, 'blocks')]
  writeFileSync(file, body)
  const made = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, blocks])
  assert.equal(made.status, 0, made.stderr.toString())
  // It wants to look into a log as well, however empty.
  mkdirSync(join(blocks, 'wal'))
  const { stdout } = spawnSync('promtool', ['tsdb', 'dump', blocks], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, labels = '', value = '', ms = ''] = /^(\{.*\}) (\S+) (\d+)$/.exec(line) ?? []
      return `${labels} ${Number(value.replace(/Inf$/, 'Infinity'))} ${ms}`
    })
}
