import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { labelsOf } from '../../labels.ts'
import { SampleStore } from '../sample-store.ts'
import type { StoreOptions } from '../store-options.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const begin = 20_000 * day
const end = begin + 3 * day
const series = 20
const skip = process.getuid?.() === 0 ? false : 'only root may mount a small disk; it runs where the lab does'

const opened = (folder: string, options: Partial<StoreOptions> = {}): SampleStore =>
  new SampleStore({
    folder,
    now: () => end + 2 * hour,
    seriesLimit: 1000,
    seriesOfNameLimit: 1000,
    keptMs: 30 * day,
    ...options,
  })

/** Blocks of three days that wait for being summed up. */
async function prepare(folder: string): Promise<readonly string[]> {
  const store = opened(folder, { keptHoursMs: 0 })
  const numbers = Array.from({ length: series }, (_, nth) =>
    store.numberOf(labelsOf({ __name__: 'made', nth: String(nth) })),
  )
  for (let ms = begin; ms < end + 2 * hour; ms += 5 * minute)
    store.take({
      series: numbers,
      times: numbers.map(() => ms),
      values: numbers.map((number) => (number * (ms - begin)) / minute),
      stale: [],
    })
  await store.settle()
  const sums = await sumsIn(store)
  store.close()
  return sums
}

/** What all samples of each series come to, by sums where there are some. */
async function sumsIn(store: SampleStore): Promise<readonly string[]> {
  const windows = { endMs: end - 1, stepMs: day, count: 1, rangeMs: 3 * day }
  const { runs, warnings } = await store.select({ matchers: [], fromMs: begin, toMs: end - 1, windows })
  const all = Array.from(runs, ({ labels, summed, values }) => {
    const sum = (summed?.columns.sums ?? values).reduce((total, value) => total + value, 0)
    return `${labels.join()} ${sum}`
  })
  assert.deepEqual(warnings, [])
  return all.toSorted()
}

const rollupsIn = (folder: string): readonly string[] => readdirSync(join(folder, 'rollups'))

async function settled(store: SampleStore): Promise<void> {
  for (let round = 0; round < 4; round += 1) await store.settle()
}

describe('making rollups', () => {
  test('may be killed at any time: the next start has no half of one, and goes on', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-killed-rollups-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const expected = await prepare(folder)
    for (let round = 0; round < 8; round += 1) {
      const words = [join(import.meta.dirname, 'try-settling.ts'), folder, String(end + 2 * hour)]
      const settler = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(settler, 'close')
      await once(settler.stdout, 'data')
      await pause(8 * round)
      settler.kill('SIGKILL')
      await ended
      const store = opened(folder)
      assert.ok(rollupsIn(folder).every((name) => !name.endsWith('.new')))
      assert.deepEqual(await sumsIn(store), expected)
      store.close()
    }
    const store = opened(folder)
    await settled(store)
    assert.equal(rollupsIn(folder).length, 6, 'minutes and hours of three days, each once')
    assert.deepEqual(await sumsIn(store), expected)
    store.close()
  })

  test('that ended between minutes and hours of a day goes on with the hours', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-killed-rollups-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const expected = await prepare(folder)
    const before = opened(folder)
    await settled(before)
    before.close()
    const names = rollupsIn(folder)
    for (const name of names.filter((each) => each.startsWith('hours'))) {
      rmSync(join(folder, 'rollups', name))
      writeFileSync(join(folder, 'rollups', `${name}.new`), 'TANDEM-R and no more')
    }
    const store = opened(folder)
    await settled(store)
    assert.equal(rollupsIn(folder).length, 6)
    assert.ok(
      names.filter((name) => name.startsWith('minutes')).every((name) => rollupsIn(folder).includes(name)),
    )
    assert.deepEqual(await sumsIn(store), expected)
    store.close()
  })

  test('on a disk that is full leaves nothing half, and is done when there is room', { skip }, async (t) => {
    const disk = mkdtempSync(join(tmpdir(), 'tandem-full-rollups-'))
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tandem-test', disk]).status, 0)
    const folder = join(disk, 'metrics')
    const expected = await prepare(folder)
    const store = opened(folder)
    t.after(() => {
      store.close()
      assert.equal(spawnSync('umount', [disk]).status, 0)
      rmSync(disk, { recursive: true })
    })
    fill(disk)
    await settled(store)
    assert.deepEqual(rollupsIn(folder), [])
    assert.deepEqual(await sumsIn(store), expected)
    for (const name of readdirSync(disk)) if (name.startsWith('filler')) rmSync(join(disk, name))
    await settled(store)
    assert.equal(rollupsIn(folder).length, 6)
    assert.deepEqual(await sumsIn(store), expected)
  })
})

/** Until there is no room for a single byte. */
function fill(disk: string): void {
  for (let size = 1 << 20; size >= 1; size >>= 1)
    for (let nth = 0; ; nth += 1) {
      try {
        writeFileSync(join(disk, `filler-${size}-${nth}`), Buffer.alloc(size))
      } catch {
        break
      }
    }
}
