import { TroubleError } from '../../change/trouble.ts'
import type { Frame } from '../../remote/remote.ts'
import { shAssign, shLine } from '../../remote/quote.ts'
import type { KnownHost } from '../plan/seen.ts'
import type { Script } from '../things/thing.ts'
import { homesNeeded, type ProbeWants } from './probe-wants.ts'
import type { HostScripts } from './scripts.ts'

/** A program that looks at a host. Its output is for `readProbe` alone: it may hold what nobody shall see. */
export type Probe = Readonly<{
  script: string
  frames: readonly Frame[]
  /** Nothing is masked: bytes would not arrive as they are. */
  secrets: readonly string[]
  limitMs: number
  /** Checks are what people wrote: they may start what stays. */
  leavesNothing: boolean
}>

export type ProbeParts = Readonly<{
  scripts: HostScripts
  wants: ProbeWants
  /** What is known of the host from an earlier look: what stays until its next start is not asked again. */
  known: KnownHost | null
  /** Lowercase hexadecimal, new for each program: only lines that begin with it are ours. */
  mark: string
  /** Puts the values of secrets where their marks are. */
  reveal: (text: string) => string
}>

/** What everything but the checks may take. */
const limitMs = 120_000
/** A digest that begins with as much is taken to be the same when the host decides which bytes to send. */
const digestLength = 16

/** Makes the program that looks at all that is wanted: each tool runs once. */
export function probeOf({ scripts, wants, known, mark, reveal }: ProbeParts): Probe {
  const names = [
    ...wants.users,
    ...homesNeeded(wants),
    ...wants.checks.flatMap(({ script }) => script.user ?? []),
  ]
  const lists = {
    paths: wants.paths.map((path) => `${bytesWanted(path)} ${path.path}`),
    packages: wants.packages,
    users: wants.users,
    groups: wants.groups,
    units: [...new Set(wants.units)],
    names: [...new Set(names)],
  }
  const texts = Object.entries(lists).map(([name, list]) => [name, listOf(list)] as const)
  const script = [
    shAssign({ MARK: mark, BOOT: known?.boot ?? '', ...Object.fromEntries(texts) }) +
      scripts['probe.sh'].trimEnd(),
    ...(wants.checks.length > 0 ? [scripts['as.sh'].trimEnd()] : []),
    'facts',
    'owed',
    'accounts',
    'paths',
    ...(wants.packages.length > 0 ? ['packages'] : []),
    ...(wants.units.length > 0 ? ['units'] : []),
    ...wants.checks.map((check, number) => checkCall(check.script, number, reveal)),
    `each end .\n`,
  ].join('\n')
  const checksMs = wants.checks.reduce((sum, check) => sum + check.script.limitMs, 0)
  return {
    script,
    frames: [],
    secrets: [],
    limitMs: limitMs + checksMs,
    leavesNothing: wants.checks.length === 0,
  }
}

function bytesWanted({ wantSha, wantBytes }: ProbeWants['paths'][number]): string {
  if (wantBytes) return '+'
  return wantSha === null ? '-' : wantSha.slice(0, digestLength)
}

/** The runtime splits lists at newlines. Names were checked when they were read; this is the last door. */
function listOf(items: readonly string[]): string {
  for (const item of items) {
    if (!/[\0\n]/.test(item)) continue
    throw new TroubleError({
      what: `the name ${JSON.stringify(item)} holds a line break`,
      now: 'name it without',
    })
  }
  return items.join('\n')
}

function checkCall(script: Script, number: number, reveal: (text: string) => string): string {
  const { run, user, cwd, env } = script
  const argv = typeof run === 'string' ? ['sh', '-euc', run] : run
  const seconds = String(Math.ceil(script.limitMs / 1000))
  const call = shLine(['check', String(number), seconds, user ?? '', cwd ?? '/', ...argv])
  const names = Object.entries(env)
  if (names.length === 0) return call
  const exports = names.map(([name, value]) => `export ${shAssign({ [name]: reveal(value) })}`)
  return `(\n${exports.join('')}${call}\n)`
}
