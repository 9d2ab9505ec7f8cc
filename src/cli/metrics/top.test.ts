import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Secret } from '../../config/secrets/secret.ts'
import { openHub } from '../../hub.ts'
import { type Labels, labelsOf } from '../../metrics/labels.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({ people: { ada: { name: 'Ada', may: 'everything' } }, hosts: { local: { via: 'local' } } })
`

test('metrics are told by how many series they have, with whoever sends them and what makes them many', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-top-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  const now = Date.now()
  const run = async (...argv: readonly string[]) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: () => now })
    const exit = await main(['metrics', 'top', ...argv], world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  assert.match((await run()).out, /^no series yet/)

  const requests = Array.from({ length: 30 }, (_, nth) =>
    labelsOf({
      __name__: 'requests',
      job: nth < 20 ? 'shop' : 'mail',
      path: `/${nth}`,
      method: nth % 2 === 0 ? 'GET' : 'PUT',
    }),
  )
  const labels: readonly Labels[] = [
    ...requests,
    labelsOf({ __name__: 'plain' }),
    labelsOf({ __name__: 'statsd_lines_bad_total', reason: 'shape' }),
    labelsOf({ __name__: 'statsd_packets_dropped_total' }),
    labelsOf({ __name__: 'tandem_ingest_refused_total', protocol: 'otlp', reason: 'too old', job: 'tandem' }),
    labelsOf({ __name__: 'graphite_packets_dropped_total' }),
  ]
  const values = labels.map((_, nth) => (nth === labels.length - 1 ? 0 : nth))
  const identity = () => Promise.resolve(new Secret(''))
  const hub = await openHub({ projectDir: dir, stateDir: join(dir, '.tandem'), kind: 'cli', identity })
  await hub.side.metrics.write({ labels, times: labels.map(() => now), values, stale: [] })
  await hub.close()

  const { exit, out, err } = await run('--limit', '2')
  assert.equal(exit, 0, err)
  assert.match(out, /^35 series\n/)
  assert.match(out, /^requests +30 +85\.7% +shop 20, mail 10 +path: 30 values$/m)
  assert.match(out, /^shop +20$/m)
  assert.match(out, /^statsd lines +31 +shape$/m)
  assert.match(out, /^statsd packets +32 +the kernel had no room for them$/m)
  assert.match(out, /^otlp samples +33 +too old$/m)
  assert.doesNotMatch(out, /^graphite packets/m)
  const told = JSON.parse((await run('--json')).out)
  assert.deepEqual(told.jobs[0], { job: 'shop', series: 20 })
  assert.deepEqual(told.refusedOf, [])
  assert.ok(told.bytes.log > 0)
  assert.deepEqual(told.names[0], {
    name: 'requests',
    series: 30,
    from: [
      { job: 'shop', series: 20 },
      { job: 'mail', series: 10 },
    ],
    widest: { label: 'path', values: 30 },
  })
  assert.deepEqual(told.names.find(({ name }: { name: string }) => name === 'plain').widest, null)
})
