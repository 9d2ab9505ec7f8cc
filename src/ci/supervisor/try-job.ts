import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Service } from '../../config/repo/repo.ts'
import { type Sandbox, sandboxArgv } from '../sandbox/sandbox.ts'
import { emptyEnv, furnish, giveAway, userOf } from '../sandbox/furnish.ts'
import { serviceScripts } from '../sandbox/services.ts'
import { systemParts } from '../sandbox/system.ts'
import { follow } from './look.ts'
import { memoryLimit } from './memory.ts'
import { jobFiles, type JobEnd, type JobLimits, type JobOrder, usualLimits } from './order.ts'
import { readLog } from './read-log.ts'
import { openStarter } from './starter.ts'

/** A job for tests, in a folder of its own, under a real supervisor and in a real sandbox. */
export type TriedJob = Readonly<{
  folder: string
  order: JobOrder
  start: () => Promise<void>
  ended: () => Promise<JobEnd | 'gone'>
  /** What its log says, without the times. */
  log: () => Promise<string>
  supervisor: () => Promise<number>
  remove: () => Promise<void>
}>

export type Trial = Readonly<{
  limits?: Partial<JobLimits>
  secrets?: readonly string[]
  env?: Readonly<Record<string, string>>
  network?: Sandbox['network']
  services?: readonly Service[]
  given?: readonly Readonly<{ from: string; to: string }>[]
  folder?: string
}>

export async function tryJob(command: string, trial: Trial = {}): Promise<TriedJob> {
  const folder = trial.folder ?? (await mkdtemp(join(tmpdir(), 'tandem-job-')))
  const work = join(folder, jobFiles.work)
  const [user, network] = [userOf(0), trial.network ?? 'none'] as const
  const services = trial.services ?? []
  const scripts = [...serviceScripts(services), ...(trial.given ?? [])]
  const given = [...(await furnish(work, { user, network })), ...scripts]
  await giveAway(work, user)
  const system = systemParts(network)
  const box = { work, user, network, system, hidden: [], given, services }
  const order: JobOrder = {
    folder,
    argv: sandboxArgv(box, command),
    env: { ...emptyEnv, ...trial.env },
    ownNetwork: network === 'own',
    carried: null,
    secrets: trial.secrets ?? [],
    sinceStartMs: 0,
    limits: {
      ...usualLimits,
      memoryBytes: memoryLimit(null),
      runMs: 60_000,
      graceMs: 1_000,
      ...trial.limits,
    },
  }
  const starter = openStarter()
  return {
    folder,
    order,
    start: () => starter.start(order).finally(() => starter.close()),
    ended: () => follow(folder, () => undefined, AbortSignal.timeout(60_000)),
    log: async () => (await readLog(folder, 0)).lines.map(({ text }) => text).join('\n'),
    supervisor: async () => Number((await readFile(join(folder, jobFiles.pid), 'utf8')).split(' ')[0]),
    remove: async () => {
      starter.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a command to its end. */
export async function tried(
  command: string,
  trial: Trial = {},
): Promise<Readonly<{ end: JobEnd | 'gone'; log: string }>> {
  const job = await tryJob(command, trial)
  try {
    await job.start()
    return { end: await job.ended(), log: await job.log() }
  } finally {
    await job.remove()
  }
}
