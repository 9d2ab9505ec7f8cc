import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { killTree } from '../../lab/faults.ts'
import type { LabHost } from '../../lab/host.ts'
import type { Random } from '../../lab/random.ts'
import type { Team } from '../team/team.ts'

/** Something that is struck in the middle of an apply. Resolves to false when there was nothing to strike any more. */
export type Strike = Readonly<{
  name: string
  strike: () => Promise<boolean>
  mend: () => Promise<void>
}>

const sorts = ['program', 'hub', 'cable', 'disk', 'dpkg', 'host', 'connection'] as const

export function drawStrike(team: Team, host: LabHost, random: Random): Strike {
  const sort = random.pick(sorts)
  const nothing = async (): Promise<void> => {}
  switch (sort) {
    case 'program':
      return {
        name: `kill -9 of the program on ${host.name}`,
        strike: async () => killProgram(host),
        mend: nothing,
      }
    case 'hub':
      return {
        name: 'kill -9 of the hub',
        strike: always(() => team.hub.kill()),
        mend: () => team.hub.start(),
      }
    case 'cable':
      return {
        name: `cut cable of ${host.name}`,
        strike: always(async () => host.cut()),
        mend: async () => host.mend(),
      }
    case 'disk': {
      const bytesLeft = random.between(0, 4) * 512 * 1024
      const strike = always(async () => host.fill(bytesLeft))
      return { name: `full disk of ${host.name} (${bytesLeft} left)`, strike, mend: async () => host.empty() }
    }
    case 'dpkg':
      return { name: `kill -9 of dpkg on ${host.name}`, strike: () => killDpkg(host), mend: nothing }
    case 'host':
      return {
        name: `power loss of ${host.name}`,
        strike: always(() => host.kill()),
        mend: () => host.boot(),
      }
    case 'connection':
      return { name: 'kill -9 of ssh', strike: async () => killConnections(team), mend: nothing }
  }
}

const always = (strike: () => Promise<void>) => async (): Promise<boolean> => {
  await strike()
  return true
}

/** Waits until the n-th operation of a change that began after now is written down on a host; false after the limit. */
export async function untilStep(
  host: LabHost,
  known: ReadonlySet<string>,
  nth: number,
  limitMs: number,
): Promise<boolean> {
  const deadline = performance.now() + limitMs
  while (performance.now() < deadline) {
    const fresh = changesOn(host).filter((name) => !known.has(name))
    if (
      fresh.some((name) =>
        namesIn(join(host.root, undoFolder, name)).some((file) => file.startsWith(`${nth}.`)),
      )
    )
      return true
    await pause(3)
  }
  return false
}

const undoFolder = 'var/lib/tandem/undo'

/** The changes of which a host keeps what was there before. */
export const changesOn = (host: LabHost): readonly string[] => namesIn(join(host.root, undoFolder))

/** How many operations a host has written down of the change that has most of them. */
export function mostSteps(host: LabHost): number {
  const files = changesOn(host).flatMap((name) => namesIn(join(host.root, undoFolder, name)))
  return Math.max(0, ...files.map((file) => Number.parseInt(file, 10) || 0))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Nothing was ever done there, or it was just pruned.
    return []
  }
}

/** The programs of ours that run on a host, supervisors and all: by the folder that they work in. */
export function programsOn(host: LabHost): readonly number[] {
  return pidsOf(host).filter((pid) => readLink(`/proc/${pid}/cwd`).includes('/var/lib/tandem/runs/'))
}

/** False when none of ours runs there. */
export function killProgram(host: LabHost): boolean {
  const pids = programsOn(host)
  for (const pid of pids) killTree(pid)
  return pids.length > 0
}

const dpkgWaitMs = 3_000

async function killDpkg(host: LabHost): Promise<boolean> {
  const deadline = performance.now() + dpkgWaitMs
  while (performance.now() < deadline) {
    const found = pidsOf(host).find((pid) => isInstalling(commandOf(pid)))
    if (found !== undefined) return killTree(found) > 0
    await pause(3)
  }
  return false
}

// apt asks dpkg other things too; this option it gives when it has packages unpacked or configured.
const isInstalling = (command: string): boolean => /^[^\0]*dpkg\0.*--status-fd\0/s.test(command)

/** Each connection is a process of its own, which names the state folder in its command line. */
function killConnections({ stateDir }: Team): boolean {
  const pids = numbersIn('/proc').filter((pid) => {
    const command = commandOf(pid)
    return command.startsWith('ssh') && command.includes(stateDir)
  })
  for (const pid of pids) killTree(pid)
  return pids.length > 0
}

function pidsOf(host: LabHost): readonly number[] {
  const space = readLink(`/proc/${host.leader()}/ns/pid`)
  return numbersIn('/proc').filter((pid) => readLink(`/proc/${pid}/ns/pid`) === space)
}

const numbersIn = (folder: string): readonly number[] =>
  readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // It has ended meanwhile.
    return ''
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}
