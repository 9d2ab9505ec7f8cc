import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Secret } from '../../config/secrets/secret.ts'
import { openHub } from '../../hub.ts'
import { labelsOf } from '../../metrics/labels.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({ people: { ada: { name: 'Ada', may: 'everything' } }, hosts: { local: { via: 'local' } } })
`

/** A project whose hub has kept a quarter of an hour of one series. */
async function makeProject(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-graph-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  const now = Date.now()
  const identity = () => Promise.resolve(new Secret(''))
  const hub = await openHub({ projectDir: dir, stateDir: join(dir, '.tandem'), kind: 'cli', identity })
  const times = Array.from({ length: 61 }, (_, at) => now - (60 - at) * 15_000)
  const orders = labelsOf({ __name__: 'orders', country: 'CH' })
  await hub.side.metrics.write({
    labels: times.map(() => orders),
    times,
    values: times.map((_, at) => at),
    stale: [],
  })
  await hub.close()
  return async (argv: readonly string[], parts: Parameters<typeof makeFakeWorld>[0] = {}) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: () => now, ...parts })
    const exit = await main(argv, world)
    return { exit, outs: world.outs, err: world.errs.join('\n') }
  }
}

test('a query is drawn, told as JSON, and as a table', async (t) => {
  const run = await makeProject(t)
  const drawn = await run(['graph', 'orders', '--last', '15m'])
  assert.equal(drawn.exit, 0, drawn.err)
  assert.match(drawn.outs.join('\n'), /[\u2801-\u28ff].*\n(.*\n)*━ orders\{country="CH"\} {2}(59|60) {2}\(/)
  const { exit, outs, err } = await run(['graph', 'orders', '--last', '15m', '--step', '1m', '--json'])
  assert.equal(exit, 0, err)
  const told = JSON.parse(outs.join('\n'))
  assert.deepEqual([told.series.length, told.series[0].labels], [1, { __name__: 'orders', country: 'CH' }])
  assert.equal(told.series[0].values.length, 16)
  assert.deepEqual(told.marks, [])
  const table = await run(['graph', 'orders', '--last', '15m', '--step', '1m', '--csv'])
  assert.deepEqual((await run(['graph', 'orders', '--png', '/nowhere/a.png'])).exit, 1)
  const pictured = await run(['graph', 'orders', '--png', join(tmpdir(), `tandem-graph-${process.pid}.png`)])
  assert.deepEqual([pictured.exit, pictured.outs], [0, []])
  await rm(join(tmpdir(), `tandem-graph-${process.pid}.png`))
  assert.equal(table.outs.length, 17)
  assert.match(table.outs[16] ?? '', /^20.*Z,\d+$/)
})

test('a mistake in a query is told in the words of Prometheus, with what to do', async (t) => {
  const run = await makeProject(t)
  const { exit, err } = await run(['graph', 'sum(orders'])
  assert.equal(exit, 2)
  assert.match(err, /1:11: parse error: unclosed left parenthesis[^]*docs\/guide\/promql\.md/)
  assert.equal((await run(['graph'])).exit, 2)
  assert.equal((await run(['graph', 'orders', '--json', '--csv'])).exit, 2)
})

test('-w draws anew until it is interrupted', async (t) => {
  const run = await makeProject(t)
  let draws = 0
  const interrupts: (() => void)[] = []
  const screen = () => ({ isTty: true, columns: 60, rows: 20, hasColour: false })
  const { exit, err } = await run(['graph', 'orders', '-w'], {
    screen,
    onInterrupt: (listener) => {
      interrupts.push(listener)
      return () => {}
    },
    draw: (text) => {
      draws += 1
      assert.ok(text.split('\n').length <= 20, text)
      if (draws === 2) for (const interrupt of interrupts) interrupt()
    },
  })
  assert.equal(exit, 0, err)
  assert.equal(draws, 2)
})
