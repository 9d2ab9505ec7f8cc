import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { shAssign } from '../../remote/quote.ts'
import type { Frame, Program } from '../../remote/remote.ts'
import type { Carried } from './carried.ts'

/** More than this of a work tree does not travel. */
const mostBytes = 1024 ** 3
/** A job whose hub is silent for this long is stopped there. */
const silenceMs = 15 * 60_000
/** Sending, unpacking and fetching are not the job's time. */
const aroundMs = 30 * 60_000

/** What is sent to the build host, and run there. */
export async function programOf(carried: Carried): Promise<Program> {
  const [onHost, runJob, tree] = await Promise.all([
    readFile(join(import.meta.dirname, 'on-host.sh'), 'utf8'),
    readFile(join(import.meta.dirname, 'run-job.pl'), 'utf8'),
    readFile(carried.tar),
  ])
  if (tree.length > mostBytes) throw tooLarge(carried)
  const { argv, env, given, limits } = carried
  const texts = {
    argv: listed(argv),
    env: listed(Object.entries(env).map((pair) => pair.join('='))),
    ...given,
  }
  const frames: Frame[] = Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
  return {
    id: carried.id,
    script: `${shAssign({ ...variables(carried), RUN_JOB: runJob })}${onHost}`,
    frames: [...frames, { name: 'work.tar', bytes: tree }],
    lease: null,
    limitMs: limits.runMs + limits.graceMs + aroundMs,
    secrets: carried.secrets,
  }
}

function variables({ mark, uid, services, given, limits }: Carried): Readonly<Record<string, string>> {
  const { keepFreeBytes, memoryBytes, graceMs } = limits
  const kept = [
    Math.ceil(keepFreeBytes / 1024),
    memoryBytes ?? 0,
    Math.ceil(graceMs / 1000),
    silenceMs / 1000,
  ]
  return {
    MARK: mark,
    JOB_USER: uid === null ? '' : String(uid),
    SERVICES: services.join(' '),
    GIVEN: Object.keys(given).join(' '),
    LIMITS: kept.join(' '),
  }
}

const listed = (words: readonly string[]): string => words.map((word) => `${word}\0`).join('')

const tooLarge = ({ host }: Carried): TroubleError =>
  new TroubleError({
    what: `the files of this job are larger than ${mostBytes / 1024 ** 3} GiB, and do not go to ${host.name}`,
    host: host.name,
    now: 'let it need less: an artifact instead of a checkout, or no cache',
  })
