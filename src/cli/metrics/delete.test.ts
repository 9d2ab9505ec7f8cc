import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { Secret } from '../../config/secrets/secret.ts'
import { openHub } from '../../hub.ts'
import { labelsOf } from '../../metrics/labels.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({ people: { ada: { name: 'Ada', may: 'everything' } } })
`
const minute = 60_000

test('samples are deleted after they were shown, and it is told who did it', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-delete-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  const now = Date.now()
  const run = async (typed: string | null, ...argv: readonly string[]) => {
    const input = Object.assign(new PassThrough(), { isTTY: typed !== null })
    if (typed !== null) input.write(`${typed}\n`)
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: () => now, input })
    const exit = await main(['metrics', ...argv], world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  const hosts = Array.from({ length: 8 }, (_, nth) => labelsOf({ __name__: 'load', host: `web${nth}` }))
  const identity = () => Promise.resolve(new Secret(''))
  const hub = await openHub({ projectDir: dir, stateDir: join(dir, '.tandem'), kind: 'cli', identity })
  for (const ms of [now - 20 * minute, now - minute])
    await hub.side.metrics.write({
      labels: hosts,
      times: hosts.map(() => ms),
      values: hosts.map(() => 1),
      stale: [],
    })
  await hub.close()
  assert.match((await run(null, 'deletions')).out, /^nobody has deleted/)

  const load = ['delete', 'load{host!="web7"}'] as const
  const kept = await run('no', ...load)
  assert.equal(kept.exit, 1)
  assert.match(kept.err, /load\{host="web0"\}\n[^]*\n {2}and 2 more$/)
  assert.equal((await run(null, ...load)).exit, 2, 'nobody was there to be asked')
  assert.deepEqual(JSON.parse((await run(null, 'deletions', '--json')).out), { deletions: [] })

  const { exit, out, err } = await run('yes', ...load, '--from', '10m')
  assert.equal(exit, 0, err)
  assert.match(out, /the samples of 7 series from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d are deleted/)
  const again = await run(null, ...load, '--from', '10m', '--yes', '--json')
  assert.deepEqual(JSON.parse(again.out), {
    selector: 'load{host!="web7"}',
    from: now - 10 * minute,
    to: null,
    series: 0,
  })
  const left = await run(null, ...load, '--yes')
  assert.match(left.out, /the samples of 7 series of all times are deleted/, 'older ones were still there')

  const { deletions } = JSON.parse((await run(null, 'deletions', '--json')).out)
  assert.deepEqual(
    deletions.map(({ who, door, selectors, from, to }: Record<string, unknown>) => [
      who,
      door,
      selectors,
      from,
      to,
    ]),
    [
      ['ada', 'cli', ['load{host!="web7"}'], null, null],
      ['ada', 'cli', ['load{host!="web7"}'], now - 10 * minute, null],
      ['ada', 'cli', ['load{host!="web7"}'], now - 10 * minute, null],
    ],
  )
  assert.match((await run(null, 'deletions')).out, /ada +load\{host!="web7"\} +of all times/)
})

test('what cannot be deleted is said, and nothing is written down', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-delete-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  const run = async (...argv: readonly string[]) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: Date.now })
    const exit = await main(['metrics', ...argv], world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['delete'], /metrics delete what\?/],
    [['delete', 'up{', '--yes'], /parse error/],
    [['delete', '{job=""}', '--yes'], /at least one non-empty matcher/],
    [['delete', 'up', '--from', '1h', '--to', '2h', '--yes'], /ends before it begins/],
    [['delete', 'up', '--from', 'lately', '--yes'], /--from lately is no time/],
  ]
  for (const [argv, said] of cases) {
    const { exit, err } = await run(...argv)
    assert.equal(exit, 2, argv.join(' '))
    assert.match(err, said)
  }
  assert.deepEqual(JSON.parse((await run('deletions', '--json')).out), { deletions: [] })
})
