import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, openLab } from '../../lab/lab.ts'
import type { System } from '../../lab/root-fs.ts'
import { makeSampleRepo, type SampleRepo } from '../../lab/sample-repo.ts'
import type { ChangeDetail, StatusView } from '../../src/api/wire/wire.ts'
import type { MetricsWish } from '../../src/config/metrics/wish.ts'
import type { AppWish, EnvironmentWish, SshHostWish, TeamWish } from '../../src/config/wish.ts'
import { type Begun, begun } from './begun.ts'
import { type Answer, askFronts } from './fronts.ts'
import { commandEnvironment, HubProcess, tandem } from './hub-process.ts'
import { person } from './project.ts'
import { endProcessesOf } from './stray-processes.ts'
import type { Ran } from './trial.ts'

export type TeamOptions = Readonly<{
  app: Partial<AppWish>
  environment: Partial<EnvironmentWish>
  metrics: MetricsWish
  /** What is written about a host beside the usual: root, its key. */
  host: (name: string) => Partial<SshHostWish>
}>

export type StoryOptions = Partial<TeamOptions> &
  Readonly<{
    hosts: number
    system?: System
    files?: number
    bytes?: number
    extra?: Readonly<Record<string, string>>
  }>

type Env = Readonly<Record<string, string>>

/** A lab and a project that people work on by the command line. No hub runs until a story starts one. */
export type Story = Readonly<{
  lab: Lab
  /** The folder of `tandem.ts`. */
  folder: string
  stateDir: string
  repo: SampleRepo
  /** The public port of the app `shop`. */
  port: number
  hub: HubProcess
  /** Writes `tandem.ts` anew: the usual team, and what is said here. */
  write: (wish: Partial<TeamOptions>) => Promise<void>
  /** Runs `tandem WORDS` in the project to its end. */
  run: (words: readonly string[], env?: Env) => Promise<Ran>
  begin: (words: readonly string[], env?: Env) => Begun
  /** Commits files (or a new release.txt) and deploys; throws, with what was said, unless it ends with 0. */
  deployed: (files?: Readonly<Record<string, string>>) => Promise<string>
  /** The release that every host answers with; throws when they differ or one does not answer. */
  answered: () => Promise<string>
  answers: () => Promise<readonly Answer[]>
  status: () => Promise<StatusView>
  /** A change, or the last one. */
  change: (id?: string) => Promise<ChangeDetail>
  close: () => Promise<void>
}>

const port = 3000

export async function openStory(options: StoryOptions): Promise<Story> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-story-'))
  const lab = await openLab({ hosts: options.hosts, system: options.system ?? 'debian' })
  const undo = async (): Promise<void> => {
    endProcessesOf(folder)
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const { files = 20, bytes = 64 * 1024, extra = {} } = options
    const repo = await makeSampleRepo({ folder: join(folder, 'shop'), files, bytes, extra })
    const story = storyOf({ lab, folder, repo }, options, undo)
    await story.write({})
    return story
  } catch (thrown) {
    await undo()
    throw thrown
  }
}

type Parts = Pick<Story, 'lab' | 'folder' | 'repo'>

function storyOf(parts: Parts, usual: Partial<TeamOptions>, undo: () => Promise<void>): Story {
  const { lab, folder, repo } = parts
  const stateDir = join(folder, '.tandem')
  const project = { ...parts, stateDir, port }
  const hub = new HubProcess(project)
  const begin = (words: readonly string[], env: Env = {}): Begun =>
    begun(words.join(' '), startIn(folder, words, { ...commandEnvironment(project), ...env }))
  const run = (words: readonly string[], env: Env = {}): Promise<Ran> => begin(words, env).ended
  const answers = (): Promise<readonly Answer[]> => askFronts(lab, port)
  const read = async <T>(words: readonly string[]): Promise<T> =>
    JSON.parse(must(await run([...words, '--json'])).out) as T
  const lastId = async (): Promise<string> => {
    const { changes } = await read<{ changes: readonly { id: string }[] }>(['log', '--limit', '1'])
    return changes[0]?.id ?? 'c0'
  }
  return {
    ...project,
    hub,
    write: (wish) => writeFile(join(folder, 'tandem.ts'), textOf(teamOn(lab, { ...usual, ...wish }))),
    run,
    begin,
    deployed: async (files) => {
      await repo.commit(files)
      must(await run(['deploy']))
      return oneOf(await answers())
    },
    answered: async () => oneOf(await answers()),
    answers,
    status: () => read(['status']),
    change: async (id) => read(['show', id ?? (await lastId())]),
    close: async () => {
      await hub.stop()
      await undo()
    },
  }
}

// Whatever ends this process, also kill -9, ends the command.
export function startIn(folder: string, words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const argv = ['--pdeathsig', 'KILL', tandem, ...words]
  return spawn('setpriv', argv, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** The same result, or an error that tells what the command said. */
export function must(ran: Ran): Ran {
  if (ran.code === 0) return ran
  throw new Error(`tandem ended with ${ran.code}\n${ran.out.slice(-4000)}\n${ran.err.slice(-2000)}`)
}

function oneOf(answers: readonly Answer[]): string {
  const [first, ...rest] = answers
  if (first !== undefined && first.status === 200 && rest.every((one) => one.release === first.release)) {
    if (rest.every(({ status }) => status === 200)) return first.release
  }
  throw new Error(`the hosts do not answer with one release: ${JSON.stringify(answers)}`)
}

export function textOf(wish: TeamWish): string {
  return `import { tandem } from 'tandem'\n\nexport default tandem(${JSON.stringify(wish, null, 2)})\n`
}

/** The usual team: ada, all hosts of the lab as root, and the app `shop` on all of them, unwatched. */
export function teamOn(lab: Lab, options: Partial<TeamOptions>): TeamWish {
  const { app = {}, environment = {}, host = () => ({}), metrics = {} } = options
  const shop: AppWish = {
    repo: './shop',
    run: 'exec node app.js',
    port,
    health: '/health',
    ...app,
    environments: { production: { on: ['web'], watch: '0s', ...environment } },
  }
  const hosts = lab.hosts.map(({ name, address, hostKey, keyFile }) => {
    const usual: SshHostWish = {
      address: `root@${address}`,
      roles: ['web'],
      hostKey: hostKey.split(' ').slice(1, 3).join(' '),
      identityFile: keyFile,
    }
    return [name, { ...usual, ...host(name) }] as const
  })
  return {
    people: { [person]: { name: 'Ada', may: 'everything' } },
    hosts: Object.fromEntries(hosts),
    apps: { shop },
    metrics,
  }
}
