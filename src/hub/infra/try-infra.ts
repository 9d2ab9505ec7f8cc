import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Plan } from '../../change/plan.ts'
import { statusOf } from '../../change/status.ts'
import { configReader } from '../../config/reading/keep.ts'
import type { InfraWorld } from '../../infra/infra-world.ts'
import { makePipeline, type Pipeline } from '../../pipeline/pipeline.ts'
import { revertOrder } from '../../pipeline/revert-order.ts'
import type { World } from '../../pipeline/world.ts'
import { openRemote } from '../../remote/open.ts'
import { thisProcess } from '../../store/holder.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'
import { git } from '../../vcs/git.ts'
import { makeKinds } from '../kinds.ts'
import { noPassword } from '../no-password.ts'

/** A repository whose only host is this machine, and the folder that its recipe writes to. */
export type TriedRepo = Readonly<{
  dir: string
  place: string
  git: (...words: string[]) => Promise<string>
  /** Writes files, and commits everything. */
  commit: (files: Readonly<Record<string, string>>) => Promise<string>
  /** `tandem.ts` whose recipe writes this text into `made`. */
  team: (text: string, more?: Readonly<{ hosts?: string; resources?: string; infra?: string }>) => string
  made: () => Promise<string | null>
}>

const ada = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'a@b',
}

/** Git, as Ada. */
export async function gitAs(dir: string, ...words: readonly string[]): Promise<string> {
  const said = await git(dir, words, { env: { ...ada, GIT_ALLOW_PROTOCOL: 'file' } })
  if (said.code !== 0) throw new Error(said.err)
  return said.out.trim()
}

export async function tryRepo(t: TestContext): Promise<TriedRepo> {
  const top = await mkdtemp(join(tmpdir(), 'tandem-infra-'))
  t.after(() => rm(top, { recursive: true, force: true }))
  const [dir, place] = [join(top, 'project'), join(top, 'place')]
  await Promise.all([mkdir(dir), mkdir(place)])
  await gitAs(dir, 'init', '--quiet', '--initial-branch=main')
  const commit: TriedRepo['commit'] = async (files) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, name)), { recursive: true })
      await writeFile(join(dir, name), text)
    }
    await gitAs(dir, 'add', '--all')
    await gitAs(dir, 'commit', '--quiet', '--message', 'Say more')
    return gitAs(dir, 'rev-parse', 'HEAD')
  }
  const team: TriedRepo['team'] = (text, { hosts = '', resources = '', infra = '' } = {}) => `
import { exec, file, tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' } },
  repos: { infra: {} },
  infra: { drift: 'never', ${infra} },
  hosts: { here: { via: 'local' }, ${hosts} },
  roles: { all: () => [file('${place}/made', { content: '${text}' }), ${resources}] },
})
`
  await commit({ '.gitignore': '.tandem\n', 'tandem.ts': team('none') })
  return {
    dir,
    place,
    git: (...words) => gitAs(dir, ...words),
    commit,
    team,
    made: () => readFile(join(place, 'made'), 'utf8').catch(() => null),
  }
}

/** What carries out orders for an infrastructure. */
export type TriedInfra = TriedRepo &
  Readonly<{
    store: Store
    world: World
    infra: InfraWorld
    pipeline: Pipeline
    plan: (commit: string) => Promise<Plan>
    /** Orders it and waits for its end. */
    apply: (commit: string) => Promise<Readonly<{ change: string; status: string }>>
    revert: (change: string) => Promise<void>
  }>

/** The project is the top of the repository, or a folder below it. */
export async function tryInfra(t: TestContext, below = ''): Promise<TriedInfra> {
  const repo = await tryRepo(t)
  const projectDir = join(repo.dir, below)
  const stateDir = join(projectDir, '.tandem')
  await mkdir(projectDir, { recursive: true })
  const identity = () => Promise.reject(new Error('no key here'))
  const options = { projectDir, stateDir, kind: 'cli', identity } as const
  const store = await openStore(stateDir)
  const connect = () => openRemote({ stateDir, sudoPassword: noPassword })
  const remote = connect()
  const shelf = () => Promise.reject(new Error('nothing is signed here'))
  const config = configReader(projectDir)
  const { kinds, infra } = await makeKinds({
    options,
    store,
    remote,
    connect,
    config,
    shelf,
    measure: async () => null,
  })
  const world: World = {
    store,
    kinds: new Map(kinds.map((kind) => [kind.name, kind])),
    holder: thisProcess('cli'),
    now: Date.now,
    sleep: async () => {},
    announce: async () => [],
  }
  const broken: unknown[] = []
  const pipeline = makePipeline(world, (_, thrown) => broken.push(thrown))
  t.after(async () => {
    await Promise.all([store.close(), remote.close()])
    if (broken.length > 0) throw broken[0]
  })
  const order = async (commit: string) => {
    const accepted = await world.kinds.get('apply')?.accept({ do: 'recipes', commit })
    if (accepted === undefined) throw new Error('nobody applies')
    return { ...accepted, kind: 'apply', who: 'ada', door: 'cli', why: '', reverts: null } as const
  }
  return {
    ...repo,
    store,
    world,
    infra,
    pipeline,
    plan: async (commit) => pipeline.plan(await order(commit)),
    apply: async (commit) => {
      const change = await pipeline.propose(await order(commit))
      await pipeline.idle()
      return { change, status: statusOf(await store.ledger.of(change)) }
    },
    revert: async (change) => {
      const back = await revertOrder(world, change, null)
      await pipeline.propose({ ...back, who: 'ada', door: 'cli', why: '' })
      await pipeline.idle()
    },
  }
}
