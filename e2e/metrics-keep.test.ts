import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { labelsOf } from '../src/metrics/labels.ts'
import type { Receipt } from '../src/metrics/metrics-side.ts'
import { serveHub, twoPeople } from './repos/served-hub.ts'

const hour = 3_600_000
const saying = (keep: string): string =>
  `${twoPeople}, metrics: { scrape: { interval: '1h' }, keep: { ${keep} } }`

test('a hub that runs heeds what tandem.ts says of keeping samples', async (t) => {
  const hub = await serveHub(saying(`valuesOfOneLabel: 10, late: '1h'`))
  t.after(() => hub.close())
  const now = Date.now()
  const write = (path: string, ms: number): Promise<Receipt> =>
    hub.metrics().write({
      labels: [labelsOf({ __name__: 'requests', path })],
      times: [ms],
      values: [1],
      stale: [],
    })
  /** What becomes of a sample once the hub has had a look. */
  const eventually = async (path: string, ms: number, wanted: RegExp): Promise<void> => {
    const until = performance.now() + 60_000
    for (;;) {
      const receipt = JSON.stringify(await write(path, ms))
      if (wanted.test(receipt)) return
      assert.ok(performance.now() < until, receipt)
      await pause(200)
    }
  }
  for (let nth = 0; nth < 10; nth += 1) assert.equal((await write(`/${nth}`, now)).type, 'taken')
  assert.match(JSON.stringify(await write('/10', now)), /"too many values of a label":1/)
  const say = (keep: string) =>
    writeFile(
      join(hub.dir, 'tandem.ts'),
      `import { tandem } from 'tandem'\nexport default tandem({ ${saying(keep)} })\n`,
    )
  await say(`valuesOfOneLabel: 1000, late: '3h'`)
  await eventually('/10', now, /"taken":1/)
  await eventually('/11', now - 2 * hour, /"taken":1/)
  await say(`valuesOfOneLabel: 1000, late: '1h'`)
  await eventually('/12', now - 2 * hour, /"too old":1/)
  assert.deepEqual(hub.broken, [])
})
