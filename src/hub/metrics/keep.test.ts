import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { configReader } from '../../config/reading/keep.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import type { Keep } from '../../metrics/metrics-side.ts'
import { followKeep, keepAtFirst } from './keep.ts'

const tandemTs = (keep: string): string =>
  `import { tandem } from 'tandem'\nexport default tandem({ metrics: { keep: ${keep} } })\n`

test('what tandem.ts says of keeping is heeded when it alters, and only then', async () => {
  await using project = await scratchProject({ 'tandem.ts': tandemTs("{ for: '2d' }") })
  const write = (text: string) => writeFile(join(project.dir, 'tandem.ts'), text)
  const config = configReader(project.dir)
  const heeded: Keep[] = []
  const first = await keepAtFirst(config)
  assert.deepEqual([first.keptMs, first.keptBytes, first.lateMs], [2 * 86_400_000, Infinity, 3_600_000])
  const look = followKeep(first, config, async (keep) => void heeded.push(keep))
  await look()
  assert.deepEqual(heeded, [])
  await write(tandemTs("{ for: '2d', upTo: '1G', late: '1d', valuesOfOneLabel: 20 }"))
  await look()
  await look()
  assert.deepEqual(heeded, [{ ...first, keptBytes: 2 ** 30, lateMs: 86_400_000, valuesOfLabelLimit: 20 }])
  await write('this is no configuration')
  await look()
  assert.equal(heeded.length, 1, 'all stays as it is')
  await write(tandemTs("{ for: '2d' }"))
  await look()
  assert.deepEqual(heeded[1], first)
})

test('what could not be heeded is tried again', async () => {
  await using project = await scratchProject({ 'tandem.ts': tandemTs("{ for: '3d' }") })
  const config = configReader(project.dir)
  const first = await keepAtFirst(config)
  let tries = 0
  const look = followKeep({ ...first, keptMs: 1 }, config, async () => {
    tries += 1
    if (tries === 1) throw new Error('the thread has died')
  })
  await assert.rejects(look(), /has died/)
  await look()
  await look()
  assert.equal(tries, 2)
})

test('while tandem.ts cannot be read from the start, nothing goes for its age', async () => {
  await using project = await scratchProject({ 'tandem.ts': 'this is no configuration' })
  const first = await keepAtFirst(configReader(project.dir))
  const { keptMs, keptMinutesMs, keptHoursMs } = first
  assert.deepEqual([keptMs, keptMinutesMs, keptHoursMs], Array(3).fill(Number.MAX_SAFE_INTEGER))
})
