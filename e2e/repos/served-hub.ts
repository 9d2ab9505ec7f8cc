import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDoors } from '../../src/api/doors.ts'
import { serve } from '../../src/api/serve/serve.ts'
import type { Aside } from '../../src/change/occurrence.ts'
import { requireSandbox } from '../../src/ci/sandbox/system.ts'
import { openHub } from '../../src/hub.ts'
import type { MetricsSide } from '../../src/metrics/metrics-side.ts'
import type { Run } from '../../src/store/runs.ts'
import { type Outcome, run } from '../../lab/run.ts'

/** A hub on a port of this machine, with what it needs to be pushed to. */
export type ServedHub = Readonly<{
  dir: string
  stateDir: string
  url: string
  /** Where this person clones a repository, with their token in it. */
  clone: (repo: string, person?: string) => string
  secret: (person: string) => string
  asides: (repo: string) => Promise<readonly Aside[]>
  run: (id: string) => Promise<Run | null>
  metrics: () => MetricsSide
  /** Bugs that were told; there are none. */
  broken: readonly unknown[]
  /** Ends it and begins another one on the same folder. */
  restart: (whileDown?: () => Promise<void>) => Promise<void>
  close: () => Promise<void>
}>

/** Why no job can run on this machine; false where one can. */
export const noSandbox = whyNoSandbox()

function whyNoSandbox(): string | false {
  try {
    requireSandbox()
    return false
  } catch (thrown) {
    return String(thrown)
  }
}

export const twoPeople = `people: { ada: { name: 'Ada', may: 'everything' }, eve: { name: 'Eve', may: 'look' } }`

/** `team` is what stands inside of `tandem({ … })`. */
export async function serveHub(team: string): Promise<ServedHub> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-repos-'))
  const stateDir = join(dir, '.tandem')
  await writeFile(
    join(dir, 'tandem.ts'),
    `import { tandem } from 'tandem'\nexport default tandem({ ${team} })\n`,
  )
  const broken: unknown[] = []
  const broke = (thrown: unknown): void => void broken.push(thrown)
  const tokens = new Map<string, string>()
  const open = async (port: number | null) => {
    const identity = () => Promise.reject(new Error('no key here'))
    const hub = await openHub({ projectDir: dir, stateDir, kind: 'hub', identity, broke, tell: () => {} })
    const doors = makeDoors(hub.side, { now: Date.now, broke: (_, thrown) => broke(thrown) })
    for (const person of ['ada', 'eve']) {
      if (tokens.has(person)) continue
      tokens.set(person, (await hub.side.store.tokens.create(person, 'test', Date.now(), null)).secret)
    }
    const serving = await serve(doors, { host: '127.0.0.1', port: port ?? 0, webDir: join(dir, 'web') })
    await hub.start()
    return { hub, serving }
  }
  let at = await open(null)
  const secret = (person: string): string => tokens.get(person) ?? ''
  const end = async (): Promise<void> => {
    await at.hub.letGo()
    await at.serving.stop()
    await at.hub.close()
  }
  return {
    dir,
    stateDir,
    url: at.serving.url,
    secret,
    clone: (repo, person = 'ada') =>
      `${at.serving.url.replace('//', `//x:${secret(person)}@`)}/git/${repo}.git`,
    asides: (repo) => at.hub.side.store.ledger.asides({ about: repo, before: null, limit: 100 }),
    run: (id) => at.hub.side.store.runs.get(id),
    metrics: () => at.hub.side.metrics,
    broken,
    restart: async (whileDown) => {
      const { port } = at.serving
      await end()
      await whileDown?.()
      at = await open(port)
    },
    close: async () => {
      await end()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** A checkout of somebody, far from the configuration of whoever runs the tests. */
export type Checkout = Readonly<{
  dir: string
  git: (...args: string[]) => Promise<Outcome>
  /** As `git`, which must work. */
  must: (...args: string[]) => Promise<string>
  /** Writes files and commits them; returns the commit. */
  commit: (message: string, files: Readonly<Record<string, string | Uint8Array>>) => Promise<string>
}>

export const gitEnv: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}

/** A new repository with the hub's one as its remote `tandem`. */
export async function checkoutIn(dir: string, remote: string): Promise<Checkout> {
  const git = (...args: string[]) => run(['git', '-C', dir, ...args], { env: gitEnv })
  const must = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await git(...args)
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${code}\n${stderr}`)
    return stdout.trim()
  }
  await run(['git', 'init', '--quiet', '--initial-branch=main', dir], { env: gitEnv })
  await must('remote', 'add', 'tandem', remote)
  return {
    dir,
    git,
    must,
    commit: async (message, files) => {
      for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content)
      await must('add', '--all')
      await must('commit', '--quiet', '--allow-empty', '--message', message)
      return must('rev-parse', 'HEAD')
    },
  }
}
