import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { type Change, changeOf } from '../../change/change.ts'
import type { Happening } from '../../change/entry.ts'
import type { Json } from '../../change/json.ts'
import type { ChangeId } from '../../change/order.ts'
import { emptyPlan } from '../../change/samples.ts'
import { artifactDir, packFolder } from '../../ci/artifact/artifact.ts'
import { manifestIn } from '../../ci/artifact/read-artifact.ts'
import type { TeamConfig } from '../../config/config.ts'
import { loadConfig } from '../../config/reading/load.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import type { DeployWorld } from '../../deploy/deploy-world.ts'
import { deploymentOf, liveChange } from '../../deploy/history.ts'
import { deployKind } from '../../deploy/kind.ts'
import { revertsKept } from '../../deploy/needed.ts'
import { releaseBefore } from '../../deploy/plan/release.ts'
import { tryDeployment } from '../../deploy/try-deployment.ts'
import { openStore } from '../../store/open.ts'
import { shelfIn } from '../ci/shelf.ts'
import { openKeeping } from './keeping.ts'

const team = (limits: string) => `export default {
  hosts: { here: { via: 'local' } },
  repos: { shop: {} },
  ci: { ${limits} },
  apps: { shop: { repo: 'shop', run: 'node .', environments: { production: { on: ['here'] }, staging: { on: ['here'] } } } },
}`

const holder = { pid: 1, started: 0, boot: 'kept', kind: 'hub' } as const
const day = 24 * 3_600_000
const production = 'shop@production'

async function house(t: TestContext, limits: string) {
  const stateDir = await mkdtemp(join(tmpdir(), 'tandem-keeping-'))
  const project = await scratchProject({ 'tandem.ts': team(limits) })
  t.after(() => project[Symbol.asyncDispose]())
  const config: TeamConfig = (await loadConfig(project.dir)).config
  const store = await openStore(stateDir)
  t.after(async () => {
    await store.close()
    await rm(stateDir, { recursive: true })
  })
  const dir = artifactDir(stateDir)
  await mkdir(dir, { recursive: true })
  const shelf = shelfIn(stateDir)
  const world = { stateDir, projectDir: project.dir, version: '0', shelf, store, config: async () => config }
  const kind = deployKind(world as unknown as DeployWorld)
  const open = () => openKeeping({ ...world, now: Date.now })
  const make = async (text: string): Promise<string> => {
    const folder = join(stateDir, 'folder')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'file'), text)
    return (await packFolder(folder, dir)).id
  }
  const happen = (change: ChangeId, happenings: readonly Happening[]) =>
    store.ledger.append(change, happenings, Date.now(), null)
  const order = (target: string, wish: Json, reverts: ChangeId | null = null) =>
    store.ledger.order(
      { kind: 'deploy', target, wish, who: 'ada', door: 'cli', why: '', reverts },
      Date.now(),
      holder,
    )
  const planned = async (change: ChangeId, release: string) => {
    const outcome = { ...tryDeployment({ release }) } as unknown as Json
    await happen(change, [
      { type: 'leased', token: 1 },
      { type: 'planned', plan: { ...emptyPlan, outcome } },
    ])
  }
  const finish = (change: ChangeId) =>
    happen(change, [{ type: 'decided', to: 'finish', why: '' }, { type: 'finished' }])
  const deploy = async (target: string, release: string, reverts: ChangeId | null = null) => {
    const change = await order(target, { app: 'shop', environment: 'production', ref: 'HEAD' }, reverts)
    await planned(change, release)
    await finish(change)
    return change
  }
  const changes = async (target: string): Promise<readonly Change[]> => {
    const ids = await store.ledger.changes({ target, before: null, limit: 200 })
    const read = ids.map(async (id) => changeOf(await store.ledger.of(id), await store.ledger.revertedBy(id)))
    return (await Promise.all(read)).toReversed()
  }
  /** All that lies there becomes older by so much. */
  const wait = async (ms: number): Promise<void> => {
    for (const name of await readdir(dir)) {
      const at = new Date((await stat(join(dir, name))).mtimeMs - ms)
      await utimes(join(dir, name), at, at)
    }
  }
  /** Long enough for what goes to be gone. */
  const sweep = async (): Promise<void> => {
    for (let rounds = 0; rounds < 2; rounds += 1) {
      await wait(2 * 3_600_000)
      await Promise.all([open().sweep(), open().sweep()])
    }
  }
  return { world, kind, store, dir, make, order, planned, finish, deploy, happen, changes, wait, sweep, open }
}

type House = Awaited<ReturnType<typeof house>>

/** Takes back whatever is offered, as far as it can be done without a host. Gives how many were refused. */
async function tryReverts({ world, kind, changes, dir }: House, target: string): Promise<number> {
  let refused = 0
  const all = await changes(target)
  const done = all.filter(({ status }) => status === 'done')
  const mayGoBack = done.filter(({ revertedBy }) => revertedBy === null).toReversed()
  for (const [nth, change] of mayGoBack.entries()) {
    const wish = await kind.revert(change).catch((thrown: unknown) => String(thrown))
    if (typeof wish === 'string') {
      const isGone = /not on the hub any more/.test(wish)
      assert.ok(isGone ? nth >= revertsKept : /is the first deploy/.test(wish), `${change.id}: ${wish}`)
      refused += isGone ? 1 : 0
      continue
    }
    const { again = '' } = wish as Readonly<{ again?: string }>
    const then = deploymentOf(all.find(({ id }) => id === again) ?? assert.fail(again)) ?? assert.fail()
    await releaseBefore(world, then, 'shop')
    assert.equal((await manifestIn(dir, then.release)).length, 1)
  }
  const live = liveChange(done)
  const release = live === null ? null : (deploymentOf(live)?.release ?? null)
  if (release !== null) assert.equal((await manifestIn(dir, release)).length, 1)
  return refused
}

void test('after any history, whatever is live or can be taken back is there, and little else', async (t) => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e6)
  t.diagnostic(`SEED=${seed}`)
  let state = seed
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const here = await house(t, `releases: '1M', keepReleases: '1h'`)
  const targets = [production, 'shop@staging']
  let [made, refused] = [0, 0]
  for (let step = 0; step < 120; step += 1) {
    const target = targets[random(2)] ?? production
    const done = (await here.changes(target)).filter(({ status }) => status === 'done')
    const what = random(12)
    if (what < 6) await here.deploy(target, await here.make(`release ${(made += 1)}`))
    else if (what < 8 && done.length > 1) {
      const open = done.filter(({ revertedBy }) => revertedBy === null)
      const change = (random(2) === 0 ? liveChange(done) : open[random(open.length)]) ?? null
      const wish = change === null ? null : await here.kind.revert(change).catch(() => null)
      const again = (wish as Readonly<{ again?: string }> | null)?.again
      const then = done.find(({ id }) => id === again)
      const release = then === undefined ? null : (deploymentOf(then)?.release ?? null)
      if (release !== null && change !== null) await here.deploy(target, release, change.id)
    } else if (what === 8) {
      const change = await here.order(target, { app: 'shop', environment: 'production', ref: 'HEAD' })
      await here.planned(change, await here.make(`undone ${step}`))
      const trouble = { what: 'it is slow', now: 'mend it' }
      await here.happen(change, [
        { type: 'decided', to: 'undo', why: 'harm' },
        { type: 'undone', trouble },
      ])
    } else if (what === 9) await here.wait(random(40) * day)
    else await here.sweep()
    if (step % 30 === 29) {
      await here.sweep()
      for (const one of targets) refused += await tryReverts(here, one)
    }
  }
  // What nobody needs does go, and a revert to it is refused before it is ordered.
  const left = (await readdir(here.dir)).filter((name) => /\.tar/.test(name)).length
  assert.ok(left < made, `${left} of ${made} are left`)
  assert.ok(made < 80 || refused > 0)
})

void test('an open change keeps what it brings, and what it will bring back once its turn comes', async (t) => {
  const here = await house(t, `releases: '1M', keepReleases: '1h'`)
  const first = await here.deploy(production, await here.make('first'))
  for (let nth = 0; nth < 30; nth += 1) await here.deploy(production, await here.make(`later ${nth}`))
  const open = await here.order(production, { app: 'shop', environment: 'production', ref: 'HEAD' })
  const brought = await here.make('open')
  await here.planned(open, brought)
  const wish = { app: 'shop', environment: 'production', ref: 'HEAD', again: first }
  const waits = await here.order(production, wish)
  await here.sweep()
  const kept = await here.open().view()
  const whys = kept.flatMap(({ why }) => why)
  assert.ok(whys.includes(`${open} is open`))
  assert.ok(whys.includes(`${waits} waits to bring it back`))
  assert.ok(whys.includes(`live on ${production}`))
  assert.equal(kept.length, 20 + 1 + 2)
  await here.happen(waits, [{ type: 'withdrawn', who: 'ada', why: '' }])
  await here.finish(open)
  await here.sweep()
  assert.equal((await here.open().view()).length, 21)
})

void test('what runs have tested lately stays, and so do the runs of what is live', async (t) => {
  const here = await house(t, `releases: '1M', keepReleases: '1h'`)
  const run = async (text: string, ref: string, isOver = true) => {
    const order = { repo: 'shop', commit: text.padEnd(40, '0'), tree: 'd'.repeat(40), ref, trouble: null }
    const said = { subject: text, who: 'ada', door: 'git', orderedAt: 1, again: false } as const
    const { run: ordered } = await here.store.runs.order({ ...order, ...said, jobs: [] })
    const release = await here.make(text)
    if (isOver) await here.store.runs.end(ordered.id, { outcome: 'passed', endedAt: 2, release })
    return { id: ordered.id, release }
  }
  const [main, mine] = ['refs/heads/main', 'refs/heads/mine']
  const old = await run('a', main)
  const live = await here.order(production, { app: 'shop', environment: 'production', ref: 'HEAD' })
  const outcome = { ...tryDeployment({ release: old.release, run: old.id }) } as unknown as Json
  await here.happen(live, [
    { type: 'leased', token: 1 },
    { type: 'planned', plan: { ...emptyPlan, outcome } },
  ])
  await here.finish(live)
  const newer = []
  for (const name of ['b', 'c', 'd', 'e', 'f']) newer.push(await run(name, main))
  const branch = await run('9', mine)
  await here.sweep()
  const kept = new Set((await here.open().view()).map(({ release }) => release))
  assert.deepEqual(
    [old, ...newer, branch].map(({ release }) => kept.has(release)),
    [true, true, true, true, true, true, false],
  )
  const runs = await here.open().runs()
  assert.ok(runs.has(old.id) && !runs.has(branch.id))
})
