import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, openLab } from '../../lab/lab.ts'
import type { Client } from '../../src/api/client/client.ts'
import type { StatusView } from '../../src/api/wire/wire.ts'
import type { Entry } from '../../src/change/entry.ts'
import type { ChangeId } from '../../src/change/order.ts'
import type { Status } from '../../src/change/status.ts'
import { type Follower, openFollower, untilOver } from './follower.ts'
import { type Answer, askFronts } from './fronts.ts'
import { commandEnvironment, HubProcess, tandem } from './hub-process.ts'
import { makeProject, type Project, type ProjectOptions } from './project.ts'
import { endProcessesOf } from './stray-processes.ts'

export type TrialOptions = Partial<ProjectOptions> & Readonly<{ hosts: number; say?: (line: string) => void }>

/** How a change ended. `ms`: from our order to our hearing of its end. */
export type Ended = Readonly<{ id: ChangeId; status: Status; entries: readonly Entry[]; ms: number }>

export type Ran = Readonly<{ code: number; out: string; err: string; ms: number }>

/** A team at work: a lab, a project whose app `shop` goes to all its hosts, a hub in a process, people who listen. */
export type Trial = Readonly<{
  lab: Lab
  project: Project
  hub: HubProcess
  follower: Follower
  client: () => Client
  /** Orders a deploy of a ref, or of HEAD, and waits for its end. */
  deploy: (ref?: string) => Promise<Ended>
  /** Commits a change of the app and deploys it. */
  deployNew: (files?: Readonly<Record<string, string>>) => Promise<Ended>
  revert: () => Promise<Ended>
  /** Orders without waiting. */
  order: (ref: string, why?: string) => Promise<ChangeId>
  ended: (id: ChangeId, limitMs?: number) => Promise<Status>
  status: () => Promise<StatusView>
  /** Runs `tandem WORDS` in the project. */
  command: (words: readonly string[]) => Promise<Ran>
  /** Starts `tandem WORDS` in the project, to be killed. */
  startCommand: (words: readonly string[]) => ChildProcess
  /** The URL of the app on each host, in the order of the lab. */
  urls: readonly string[]
  answers: () => Promise<readonly Answer[]>
  close: () => Promise<void>
}>

const endLimitMs = 180_000
const usual: ProjectOptions = { files: 20, bytes: 64 * 1024, app: {}, environment: {}, extra: {} }

/** Opens a lab and a project, and starts its hub. Nothing is deployed yet. */
export async function openTrial(options: TrialOptions): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-trial-'))
  const lab = await openLab({ hosts: options.hosts, ...(options.say ? { say: options.say } : {}) })
  const undo = async (): Promise<void> => {
    endProcessesOf(folder)
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const { hosts: _, say: __, ...wanted } = options
    const project = await makeProject(folder, lab, { ...usual, ...wanted })
    const hub = new HubProcess(project)
    await hub.start()
    return trialOf({ lab, project, hub }, undo)
  } catch (thrown) {
    await undo()
    throw thrown
  }
}

function trialOf(parts: Pick<Trial, 'lab' | 'project' | 'hub'>, undo: () => Promise<void>): Trial {
  const { lab, project, hub } = parts
  const client = (): Client => hub.client()
  const follower = openFollower(client)
  const ended = (id: ChangeId, limitMs = endLimitMs): Promise<Status> => untilOver(follower, id, limitMs)
  const toTheEnd = async (ordering: () => Promise<ChangeId>): Promise<Ended> => {
    const began = performance.now()
    const id = await ordering()
    const status = await ended(id)
    return { id, status, entries: follower.of(id), ms: performance.now() - began }
  }
  const order = async (ref: string, why = ''): Promise<ChangeId> => {
    const body = { kind: 'deploy', wish: { app: 'shop', environment: 'production', ref }, why }
    return (await client().call('POST /api/changes', { body })).id
  }
  const revert = async (): Promise<ChangeId> => {
    const body = { change: null, target: 'shop@production', why: '' }
    return (await client().call('POST /api/reverts', { body })).id
  }
  const deploy = (ref = 'HEAD'): Promise<Ended> => toTheEnd(() => order(ref))
  const startCommand = (words: readonly string[]): ChildProcess =>
    spawn('setpriv', ['--pdeathsig', 'KILL', tandem, ...words], {
      cwd: project.folder,
      env: commandEnvironment(project),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return {
    ...parts,
    follower,
    client,
    deploy,
    deployNew: async (files) => deploy(await project.repo.commit(files)),
    revert: () => toTheEnd(revert),
    order,
    ended,
    status: () => client().call('GET /api/status'),
    command: (words) => runToEnd(startCommand(words)),
    startCommand,
    urls: lab.hosts.map((host) => `http://${host.address}:${project.port}`),
    answers: () => askFronts(lab, project.port),
    close: async () => {
      follower.close()
      await hub.stop()
      await undo()
    },
  }
}

/** Waits for a started command; a signal is the code 128 and its number is not told. */
export function runToEnd(child: ChildProcess): Promise<Ran> {
  const began = performance.now()
  let out = ''
  let err = ''
  child.stdout?.on('data', (bytes: Buffer) => (out += bytes.toString()))
  child.stderr?.on('data', (bytes: Buffer) => (err += bytes.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 128, out, err, ms: performance.now() - began }))
  })
}
