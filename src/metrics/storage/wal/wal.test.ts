import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { seeded } from '../../../../lab/random.ts'
import type { WalRecord } from './record.ts'
import { Wal } from './wal.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)

describe('the write-ahead log', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-wal-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const reopened = () => {
    const records: WalRecord[] = []
    const { wal, lost } = Wal.open(folder, (record) => records.push(plain(record)))
    wal.close()
    return { records, lost }
  }
  const segment = (number: number): string => join(folder, `wal-0000000${number}`)

  test('gives back what was appended, over all segments', async () => {
    const { wal } = Wal.open(folder, () => assert.fail('there is something in a new log'))
    wal.append(some.slice(0, 2))
    await wal.sync()
    assert.equal(wal.cut(), 2)
    wal.append(some.slice(2))
    wal.close()
    assert.deepEqual(reopened(), { records: some, lost: [] })
    assert.deepEqual(reopened().records, some)
  })

  test('forgets segments that are not needed any more', () => {
    const { wal } = Wal.open(folder, () => {})
    wal.append(some.slice(0, 1))
    wal.append(some.slice(1, 2))
    const next = wal.cut()
    wal.append(some.slice(2))
    wal.dropBefore(next)
    wal.close()
    assert.deepEqual(readdirSync(folder), ['wal-00000002'])
    assert.deepEqual(reopened().records, some.slice(2))
  })

  test(`ends before the first record that is not as it was written, and says so once (SEED=${seed})`, () => {
    const { wal } = Wal.open(folder, () => {})
    for (const record of some) wal.append([record])
    wal.close()
    const whole = readFileSync(segment(1))
    const random = seeded(seed)
    for (let round = 0; round < 200; round += 1) {
      const at = random.between(0, whole.length - 1)
      const torn = round % 2 === 0 ? whole.subarray(0, at) : Buffer.from(whole)
      if (round % 2 === 1) torn[at] = (torn[at] ?? 0) ^ (1 << random.between(0, 7))
      writeFileSync(segment(1), torn)
      const { records, lost } = reopened()
      assert.deepEqual(records, some.slice(0, records.length), 'what comes back was written')
      const { size } = statSync(segment(1))
      assert.equal(torn.length - size, lost[0]?.bytes ?? 0)
      assert.ok(records.length < some.length, `a change at ${at} was not noticed`)
      assert.deepEqual(reopened(), { records, lost: [] })
      for (const name of readdirSync(folder)) if (name !== 'wal-00000001') rmSync(join(folder, name))
    }
  })

  test('goes on with the next segment behind one that is torn', () => {
    const { wal } = Wal.open(folder, () => {})
    wal.append(some.slice(0, 1))
    wal.cut()
    wal.append(some.slice(1))
    wal.close()
    truncateSync(segment(1), statSync(segment(1)).size - 1)
    appendFileSync(segment(2), 'rubbish')
    const { records, lost } = reopened()
    assert.deepEqual(records, some.slice(1))
    assert.deepEqual(
      lost.map(({ path }) => path),
      [segment(1), segment(2)],
    )
  })

  test('begins another segment before one gets too large', () => {
    const { wal } = Wal.open(folder, () => {})
    const count = 100_000
    const numbers = Array.from({ length: count }, (_, at) => at)
    const large: WalRecord = {
      type: 'samples',
      batch: { series: numbers, times: numbers, values: numbers, stale: [] },
    }
    for (let round = 0; round < 70; round += 1) wal.append([large])
    wal.close()
    assert.equal(readdirSync(folder).length, 2)
    let samples = 0
    Wal.open(
      folder,
      (record) => (samples += record.type === 'samples' ? record.batch.series.length : 0),
    ).wal.close()
    assert.equal(samples, 70 * count)
  })
})

/** What was read, in the lists of what was written. */
function plain(record: WalRecord): WalRecord {
  if (record.type === 'series') return record
  const { series, times, values, stale } = record.batch
  const batch = { series: [...series], times: [...times], values: [...values], stale: [...stale] }
  return { type: 'samples', batch }
}

const some: readonly WalRecord[] = [
  { type: 'series', number: 1, labels: ['__name__', 'up', 'host', 'größe'] },
  { type: 'series', number: 2, labels: [] },
  {
    type: 'samples',
    batch: { series: [1, 2], times: [1_795_400_816_440, 1_795_400_816_440], values: [1, -0.5], stale: [] },
  },
  { type: 'samples', batch: { series: [2, 1], times: [5, 1], values: [Infinity, 0], stale: [0, 1] } },
  { type: 'samples', batch: { series: [], times: [], values: [], stale: [] } },
]
