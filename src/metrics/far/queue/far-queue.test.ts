import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
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
import type { Block } from './block.ts'
import { FarQueue, type Lost } from './far-queue.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)
const limits = { samples: 100, bytes: 1e6 }
const blockOf = (nth: number, bytes = 10): Block => ({
  samples: 10,
  queuedMs: 1000 + nth,
  body: Uint8Array.from(Buffer.from(String(nth).padEnd(bytes))),
})
const said = (blocks: readonly Block[]): readonly number[] =>
  blocks.map(({ body }) => Number(Buffer.from(body).toString()))

describe('the queue for the far side', () => {
  let folder: string
  let lost: Lost[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-far-'))
    lost = []
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const open = (limitBytes = 1e9): FarQueue => new FarQueue(folder, limitBytes, (one) => lost.push(one))
  const drained = (queue: FarQueue): readonly number[] => {
    const all: number[] = []
    for (let batch = queue.next(limits); batch !== null; batch = queue.next(limits)) {
      all.push(...said(batch.blocks))
      queue.done(batch)
    }
    return all
  }
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, nth) => nth)

  test('gives out what was appended, oldest first, and each only until it is done', () => {
    const queue = open()
    for (const nth of upTo(25)) queue.append(blockOf(nth))
    assert.deepEqual(queue.depth, { bytes: 25 * 34, samples: 250, sinceMs: 1000 })
    const batch = queue.next(limits)
    assert.ok(batch)
    assert.deepEqual(said(batch.blocks), upTo(10))
    queue.append(blockOf(25))
    assert.deepEqual(queue.next(limits), batch)
    queue.done(batch)
    assert.deepEqual(queue.depth, { bytes: 26 * 34, samples: 160, sinceMs: 1010 })
    assert.deepEqual(drained(queue), upTo(26).slice(10))
    assert.deepEqual([queue.next(limits), queue.depth.samples, queue.depth.sinceMs], [null, 0, null])
    queue.close()
  })

  test('gives out after a start what was being sent, just as it was, and then the rest', () => {
    const first = open()
    for (const nth of upTo(3)) first.append(blockOf(nth))
    const sending = first.next(limits)
    for (const nth of [3, 4]) first.append(blockOf(nth))
    first.close()
    const second = open()
    assert.deepEqual(second.next(limits)?.blocks, sending?.blocks)
    second.close()
    const third = open()
    third.append(blockOf(5))
    const again = third.next(limits)
    assert.deepEqual(said(again?.blocks ?? []), [0, 1, 2])
    if (again !== null) third.done(again)
    assert.deepEqual(drained(third), [3, 4, 5])
    third.close()
    const fourth = open()
    assert.deepEqual([fourth.next(limits), fourth.depth.samples], [null, 0])
    fourth.close()
    assert.deepEqual(lost, [])
  })

  test('drops the oldest and counts it when it is full, also what is being sent', () => {
    const queue = open(8 * 340)
    for (const nth of upTo(15)) queue.append(blockOf(nth))
    const sending = queue.next(limits)
    for (const nth of upTo(200).slice(15)) queue.append(blockOf(nth))
    assert.ok(queue.depth.bytes <= 8 * 340)
    const left = queue.depth.samples
    const gone = lost.reduce((sum, { samples }) => sum + samples, 0)
    assert.deepEqual([left + gone, lost[0]], [2000, { why: 'queue full', samples: 100, bytes: 340 }])
    if (sending !== null) queue.done(sending)
    assert.deepEqual(drained(queue), upTo(200).slice(200 - left / 10))
    assert.ok(readdirSync(folder).length <= 10)
    queue.close()
  })

  test('leaves nothing of a block that is too long', () => {
    const queue = open()
    queue.append(blockOf(1))
    assert.throws(() => queue.append({ ...blockOf(2), body: new Uint8Array(65 * 2 ** 20) }), RangeError)
    queue.append(blockOf(3))
    assert.deepEqual(drained(queue), [1, 3])
    queue.close()
  })

  test(`passes what is not as it was written by, and tells it (SEED=${seed})`, () => {
    const queue = open()
    for (const nth of upTo(30)) queue.append(blockOf(nth))
    queue.close()
    const path = join(folder, 'far-00000001')
    const whole = readFileSync(path)
    const random = seeded(seed)
    for (let round = 0; round < 150; round += 1) {
      lost = []
      const at = random.between(0, whole.length - 1)
      const flipped = Buffer.from(whole)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.between(0, 7))
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
      writeFileSync(path, flipped)
      const again = open()
      const left = drained(again)
      again.close()
      const nth = Math.floor(at / 34)
      const isHead = at % 34 < 24
      assert.deepEqual(left, isHead ? upTo(nth) : upTo(30).filter((each) => each !== nth), `flipped at ${at}`)
      const bytes = isHead ? whole.length - 34 * nth : 34
      assert.deepEqual(lost, [{ why: 'not as written', samples: isHead ? 0 : 10, bytes }])
    }
  })

  test('sends all that is there when the position is not as it was written', () => {
    const queue = open()
    for (const nth of upTo(12)) queue.append(blockOf(nth))
    const batch = queue.next(limits)
    if (batch !== null) queue.done(batch)
    queue.close()
    truncateSync(join(folder, 'position'), 7)
    const again = open()
    assert.deepEqual(drained(again), upTo(12))
    again.close()
    assert.equal(statSync(join(folder, 'position')).size, 20)
  })

  test('loses nothing of what was appended to kill -9', async () => {
    const appended: number[] = []
    const arrived: number[] = []
    for (let round = 0; round < 8; round += 1) {
      const first = (appended.at(-1) ?? 0) + 2
      const child = spawn(process.execPath, ['-e', childProgram(folder, first)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      child.stdout.on('data', (bytes: Buffer) => {
        text += bytes.toString()
        if (text.length > 3000 + 500 * round) child.kill('SIGKILL')
      })
      await once(child, 'close')
      for (const line of text.split('\n').slice(0, -1)) {
        const [what, nth] = line.split(' ')
        if (what === 'appended') appended.push(Number(nth))
        else arrived.push(Number(nth))
      }
    }
    const queue = open()
    arrived.push(...drained(queue))
    queue.close()
    assert.deepEqual(
      lost.filter(({ samples }) => samples > 0),
      [],
    )
    const came = new Set<number>()
    for (const nth of arrived) {
      assert.ok(came.has(nth) || nth > Math.max(-1, ...came), `${nth} came out of order`)
      came.add(nth)
    }
    assert.ok(appended.length > 500)
    assert.deepEqual(
      appended.filter((nth) => !came.has(nth)),
      [],
    )
  })
})

/** Appends and sends until it is killed, and says what it has done after it has. */
function childProgram(folder: string, next: number): string {
  const queue = JSON.stringify(join(import.meta.dirname, 'far-queue.ts'))
  return `import(${queue}).then(({ FarQueue }) => {
    const { writeSync } = require('node:fs')
    const queue = new FarQueue(${JSON.stringify(folder)}, 1e9, () => {})
    for (let nth = ${next}; ; nth += 1) {
      queue.append({ samples: 1, queuedMs: nth, body: Buffer.from(String(nth)) })
      writeSync(1, 'appended ' + nth + '\\n')
      if (nth % 7 !== 0) continue
      const batch = queue.next({ samples: 5, bytes: 1e6 })
      for (const { body } of batch?.blocks ?? []) writeSync(1, 'sent ' + Buffer.from(body) + '\\n')
      if (batch !== null) queue.done(batch)
    }
  })`
}
