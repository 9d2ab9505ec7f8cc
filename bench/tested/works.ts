import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { artifactDir, packFolder } from '../../src/ci/artifact/artifact.ts'
import { openHubKey } from '../../src/ci/provenance/hub-key.ts'
import { openShelf, type Shelf } from '../../src/ci/provenance/shelf.ts'
import { signRun } from '../../src/ci/provenance/sign-run.ts'
import type { TeamConfig } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/reading/load.ts'
import type { Release } from '../../src/deploy/plan/release.ts'
import { releaseOf } from '../../src/deploy/plan/release.ts'
import { openStore } from '../../src/store/open.ts'
import type { Outcome, Run } from '../../src/store/runs.ts'
import type { Store } from '../../src/store/store.ts'
import type { Commit } from '../../src/vcs/commit.ts'

const run = promisify(execFile)

/** A commit with the run that tested it. */
export type Made = Readonly<{ commit: Commit; run: Run; folder: string }>

/** A hub with its store, key and artifacts, two tested commits, one red and one that nobody tested. */
export type Works = Readonly<{
  dir: string
  stateDir: string
  releases: string
  shelf: Shelf
  good: Made
  other: Made
  red: Made
  unknown: Commit
  /** Plans a release of a commit, with runs as the store would tell them after somebody altered it. */
  plan: (commit: Commit, alter?: (runs: readonly Run[]) => readonly Run[]) => Promise<Release>
  close: () => Promise<void>
}>

const team = `export default {
  hosts: { here: { via: 'local' } },
  repos: { shop: {} },
  apps: { shop: { repo: 'shop', run: 'node server.js' } },
}`

const commitOf = (letter: string): Commit => ({
  hash: letter.repeat(40),
  tree: (letter + 'f').repeat(20),
  subject: 'sell more',
  author: 'ada',
  at: 0,
})

export async function openWorks(): Promise<Works> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-tested-'))
  const stateDir = join(dir, 'state')
  const releases = artifactDir(stateDir)
  await mkdir(releases, { recursive: true })
  await writeFile(join(dir, 'tandem.ts'), team)
  const { config } = await loadConfig(dir)
  const store = await openStore(stateDir)
  const shelf = openShelf(stateDir, await openHubKey(stateDir))
  const make = async (letter: string, outcome: Outcome): Promise<Made> => {
    const folder = join(dir, `source-${letter}`)
    await laySource(folder, letter)
    const { id } = await packFolder(folder, releases)
    const ended = await testedRun(store, commitOf(letter), { outcome, release: id })
    await signRun({ stateDir, shelf, version: '0' }, ended)
    return { commit: commitOf(letter), run: ended, folder }
  }
  const [good, other, red] = [await make('a', 'passed'), await make('b', 'flaky'), await make('c', 'failed')]
  return {
    dir,
    stateDir,
    releases,
    shelf,
    good,
    other,
    red,
    unknown: commitOf('d'),
    plan: (commit, alter = (runs) => runs) => plan({ dir, stateDir, store, shelf, config }, commit, alter),
    close: async () => {
      await store.close()
      await rm(dir, { recursive: true })
    },
  }
}

async function laySource(folder: string, letter: string): Promise<void> {
  await mkdir(join(folder, 'lib/empty'), { recursive: true })
  await writeFile(join(folder, 'server.js'), `serve('${letter}')\n`.repeat(40))
  await writeFile(join(folder, 'lib/page.html'), `<p>${letter}</p>`.repeat(200))
  await writeFile(join(folder, 'run'), '#!/bin/sh\nexec node server.js\n', { mode: 0o755 })
  await run('ln', ['-s', '../server.js', join(folder, 'lib/main.js')])
}

/** A run with two jobs that ended, as the queue leaves it in the store. */
async function testedRun(
  store: Store,
  commit: Commit,
  { outcome, release }: Readonly<{ outcome: Outcome; release: string }>,
): Promise<Run> {
  const jobs = ['build', 'test'].map((name) => ({ name, needs: [], spec: null }))
  const { hash, tree, subject } = commit
  const asked = { repo: 'shop', commit: hash, tree, subject, ref: `refs/heads/${hash[0] ?? ''}`, who: 'ada' }
  const { run: ordered } = await store.runs.order({
    ...asked,
    door: 'git',
    trouble: null,
    jobs,
    again: false,
    orderedAt: 1,
  })
  for (const { name } of jobs) {
    const claimed = await store.runs.claim(
      ordered.id,
      name,
      { pid: process.pid, started: 1, boot: 'bench' },
      1,
    )
    if (claimed === null) throw new Error(`${name} cannot be claimed`)
    const ended = {
      status: 'over',
      outcome: name === 'test' ? outcome : 'passed',
      endedAt: 2,
      exit: 0,
    } as const
    await store.runs.write(claimed.claim, { ...ended, release: name === 'build' ? release : null }, {})
  }
  const over = await store.runs.end(ordered.id, { outcome, endedAt: 2, release })
  if (over === null) throw new Error(`${ordered.id} did not end`)
  return over
}

type Planning = Readonly<{ dir: string; stateDir: string; store: Store; shelf: Shelf; config: TeamConfig }>

function plan(
  { dir, stateDir, store, shelf, config }: Planning,
  commit: Commit,
  alter: (runs: readonly Run[]) => readonly Run[],
): Promise<Release> {
  const runs = {
    ...store.runs,
    list: async (query: Parameters<Store['runs']['list']>[0]) => alter(await store.runs.list(query)),
  }
  const world = {
    stateDir,
    projectDir: dir,
    version: '0',
    shelf: async () => shelf,
    store: { ...store, runs },
  }
  const order = {
    kind: 'deploy',
    target: 'shop@production',
    wish: {},
    who: 'eve',
    door: 'cli',
    why: '',
    reverts: null,
  } as const
  const desk = { change: null, order, say: () => {}, signal: new AbortController().signal }
  return releaseOf(world, { config, app: 'shop', commit, untested: false, desk })
}

const hostParts = ['lib.sh', 'check.sh'] as const

/** Runs the host's own check over a folder: whether it says yes. `run` has what travels beside the files. */
export async function hostTakes(
  place: Readonly<{ root: string; runDir: string; folder: string; release: string }>,
): Promise<boolean> {
  const read = (name: string) => readFile(new URL(`../../src/deploy/host/${name}`, import.meta.url), 'utf8')
  const parts = await Promise.all(hostParts.map(read))
  const tree = (await read('words.pl')) + (await read('tree.pl'))
  const script = [...parts, 'no_space() { exit 9; }', 'signed', 'fits "$FOLDER" clean', ''].join('\n')
  const env = { ...process.env, ROOT: place.root, RUN: place.runDir, NAME: 'shop.production', MARK: 'm' }
  try {
    await run('sh', ['-c', script], {
      env: { ...env, RELEASE: place.release, FOLDER: place.folder, TREE_PL: tree },
    })
    return true
  } catch {
    return false
  }
}

/** A host that knows this hub, with a release unpacked and what came with it. */
export async function layHost(works: Works, made: Made, nth: number) {
  const root = join(works.dir, `host-${nth}`)
  const [runDir, folder] = [join(root, 'run'), join(root, 'release')]
  await mkdir(runDir, { recursive: true })
  await cp(made.folder, folder, { recursive: true, verbatimSymlinks: true })
  await writeFile(join(root, 'hub.keys'), `hub ${works.shelf.keyLine}\n`)
  return { root, runDir, folder, release: made.run.release ?? '' }
}
