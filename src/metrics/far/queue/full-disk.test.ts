import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FarQueue, type Lost } from './far-queue.ts'

const skip =
  process.getuid?.() === 0 && process.platform === 'linux'
    ? false
    : 'mounting a small disk needs root on Linux'

test('a disk that is full leaves no half block, and the queue goes on when there is room', { skip }, () => {
  const disk = mkdtempSync(join(tmpdir(), 'tandem-full-'))
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tandem-test', disk]).status, 0)
  try {
    const lost: Lost[] = []
    const folder = join(disk, 'far')
    const first = new FarQueue(folder, 1e9, (one) => lost.push(one))
    const block = (nth: number) => ({ samples: 1, queuedMs: nth, body: new Uint8Array(30_000).fill(nth) })
    const append = (queue: FarQueue, nth: number): boolean => {
      try {
        queue.append(block(nth))
        return true
      } catch (thrown) {
        assert.equal(thrown instanceof Error && 'code' in thrown && thrown.code, 'ENOSPC')
        return false
      }
    }
    writeFileSync(join(disk, 'other'), new Uint8Array(400_000))
    let kept = 0
    while (append(first, kept)) kept += 1
    assert.ok(kept > 10)
    // What waits can be sent while nothing can be added.
    const batch = first.next({ samples: 3, bytes: 1e6 })
    if (batch !== null) first.done(batch)
    rmSync(join(disk, 'other'))
    assert.ok(append(first, kept))
    first.close()
    const second = new FarQueue(folder, 1e9, (one) => lost.push(one))
    const rest = second.next({ samples: 1000, bytes: 1e7 })
    const firsts = rest?.blocks.map(({ body }) => body[0])
    assert.deepEqual(
      firsts,
      Array.from({ length: kept - 2 }, (_, nth) => nth + 3),
    )
    second.close()
    assert.deepEqual(lost, [])
  } finally {
    assert.equal(spawnSync('umount', [disk]).status, 0)
    rmSync(disk, { recursive: true })
  }
})
