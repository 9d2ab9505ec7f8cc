import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseMoment, killTree, strikeAtRandom } from './faults.ts'
import { seeded } from './random.ts'

test('the same seed draws the same numbers, another seed others', () => {
  const draw = (seed: number) => {
    const random = seeded(seed)
    return Array.from({ length: 20 }, () => random.between(1, 1000))
  }
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
})

test('drawn numbers stay in their range and reach its ends', () => {
  const random = seeded(1)
  const drawn = new Set(Array.from({ length: 500 }, () => random.between(3, 6)))
  assert.deepEqual(drawn, new Set([3, 4, 5, 6]))
  const moments = Array.from({ length: 500 }, () => chooseMoment(random, 100))
  assert.ok(moments.every((moment) => moment >= 0 && moment < 100))
  assert.ok(Math.max(...moments) > 90 && Math.min(...moments) < 10)
})

test('a fault strikes at its drawn moment and is said', async () => {
  const said: string[] = []
  const struck: string[] = []
  const faults = ['one', 'two'].map((name) => ({ name, strike: () => void struck.push(name) }))
  const { name, afterMs } = await strikeAtRandom(seeded(3), faults, 30, (line) => said.push(line))
  assert.deepEqual(struck, [name])
  assert.equal(said[0], `fault: ${name} after ${afterMs.toFixed(0)} ms`)
})

test('a killed tree is dead down to its last leaf', async (t) => {
  if (!existsSync('/proc/self/task')) return t.skip('this system has no /proc')
  const child = spawn('sh', ['-c', 'sh -c "sleep 1000 & sleep 1000 & echo ready; wait" & wait'])
  await once(child.stdout, 'data')
  const before = sleepers(child.pid ?? 0)
  assert.equal(before.length, 2)
  assert.equal(killTree(child.pid ?? 0), 4)
  await once(child, 'exit')
  // Each of them dies in its own time, at once but not at the same time.
  for (let tries = 0; tries < 100 && before.some(isAlive); tries += 1) await sleep(20)
  assert.deepEqual(before.filter(isAlive), [])
})

function sleepers(pid: number): readonly number[] {
  const children = (of: number) =>
    readFileSync(`/proc/${of}/task/${of}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  return children(pid).flatMap(children)
}

function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && !/\) Z /.test(readFileSync(file, 'utf8'))
}
