import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../../../../lab/random.ts'
import { overTimeNamed } from './over-time.ts'
import type { AllWindows } from './view.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)

test(`growth over all windows is that of each, to the last bit (SEED=${seed})`, () => {
  const random = seeded(seed)
  let compared = 0
  for (let round = 0; round < 300; round += 1) {
    const [times, values] = drawn(random)
    const windows = windowsOver(times, random.between(1, 40) * 1000, random.between(1, 20) * 1000)
    const falls = Int32Array.from(
      [...values.keys()].filter((at) => at > 0 && (values[at] ?? 0) < (values[at - 1] ?? 0)),
    )
    for (const name of ['rate', 'increase']) {
      const over = overTimeNamed(name)
      assert.ok(over?.across !== undefined)
      const all = new Float64Array(windows.endsMs.length)
      over.across(windows)({ values, falls }, all)
      for (const [step, endMs] of windows.endsMs.entries()) {
        const [from, to] = [windows.from[step] ?? 0, windows.to[step] ?? 0]
        if (to - from < over.least) continue
        const { rangeMs } = windows
        const edges = { startMs: endMs - rangeMs, endMs, atMs: endMs, rangeMs, step, args: [] }
        const one = over.of({ times, values, from, to, falls, ...edges })
        assert.ok(Object.is(all[step], one), `${name} at ${step}: ${all[step]}, by itself ${one}`)
        compared += 1
      }
    }
  }
  assert.ok(compared > 3000, `${compared} windows were compared`)
})

/** A counter that begins again now and then, asked unevenly; seldom it is no number. */
function drawn(random: ReturnType<typeof seeded>): readonly [Float64Array, Float64Array] {
  const count = random.between(2, 60)
  const times = new Float64Array(count)
  const values = new Float64Array(count)
  const odd = [NaN, Infinity, -3, 0]
  for (let at = 0; at < count; at += 1) {
    times[at] = (times[at - 1] ?? 1e12) + random.between(1, 5) * 700
    const isNew = random.next() < 0.15
    values[at] = isNew ? random.between(0, 5) : (values[at - 1] ?? 0) + random.next() * 9
    if (random.next() < 0.02) values[at] = odd[random.between(0, 3)] ?? 0
  }
  return [times, values]
}

function windowsOver(times: Float64Array, rangeMs: number, stepMs: number): AllWindows {
  const [firstMs, lastMs] = [times[0] ?? 0, times.at(-1) ?? 0]
  const count = Math.ceil((lastMs - firstMs) / stepMs) + 2
  const endsMs = Float64Array.from({ length: count }, (_, step) => firstMs + step * stepMs)
  const firstFrom = (ms: number): number => {
    const at = times.findIndex((time) => time >= ms)
    return at === -1 ? times.length : at
  }
  return {
    times,
    endsMs,
    rangeMs,
    from: Int32Array.from(endsMs, (ms) => firstFrom(ms - rangeMs)),
    to: Int32Array.from(endsMs, (ms) => firstFrom(ms + 1)),
  }
}
