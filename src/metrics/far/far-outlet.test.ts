import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { labelsOf } from '../labels.ts'
import { tryIntake } from '../try-intake.ts'
import { FarOutlet } from './far-outlet.ts'

// Nobody listens there: what is queued stays.
const settings = { url: 'http://127.0.0.1:1/write', authorization: null, labels: {}, queueBytes: 2 ** 20 }

test('a queue that could not be opened is opened when it can be, and is told of until then', async (t) => {
  const parent = await mkdtemp(join(tmpdir(), 'tandem-outlet-'))
  const folder = join(parent, 'far')
  t.after(() => rm(parent, { recursive: true }))
  await writeFile(folder, 'in the way')
  const store = tryIntake()
  const outlet = new FarOutlet(store, folder)
  const take = (): void => {
    const { intake } = outlet
    const series = [intake.numberOf(labelsOf({ __name__: 'up' }))]
    assert.equal(intake.take({ series, times: [1], values: [1], stale: [] }).taken, 1)
  }
  outlet.heed(settings)
  assert.match(outlet.status?.trouble ?? '', /^the queue cannot be opened: E/)
  take()
  assert.deepEqual(outlet.status?.queue, { bytes: 0, samples: 0, sinceMs: null })
  outlet.retry()
  assert.match(outlet.status?.trouble ?? '', /^the queue cannot be opened: E/)
  await rm(folder)
  const era = outlet.intake.era()
  outlet.retry()
  assert.notEqual(outlet.intake.era(), era, 'who has kept numbers asks again')
  take()
  assert.equal(outlet.status?.queue.samples, 1)
  assert.doesNotMatch(outlet.status?.trouble ?? '', /cannot be opened/)
  outlet.retry()
  assert.equal(outlet.status?.queue.samples, 1)
  outlet.heed(null)
  assert.equal(outlet.status, null)
  await outlet.close()
})
