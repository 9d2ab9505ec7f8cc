import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withMutex } from './mutex.ts'
import { claimedNumbers, wipeRun } from './wipe.ts'

/** A numbered place on this machine that one lab has for itself: a subnet, a bridge, a folder, a cgroup. */
export type Claim = Readonly<{ number: number; folder: string }>

/** Who holds a claim. A pid alone may be reused; with its start time and the boot id it names one process. */
export type Owner = Readonly<{ pid: number; startTime: string; bootId: string; byHand: boolean }>

export const RUNS_FOLDER = '/run/tandem-lab'
const MAX_LABS = 32
/** In the environment: the lowest number that is taken. Below it are those who want nothing but a number. */
export const LOWEST_NUMBER = 'TANDEM_LAB_LOWEST'
const CLAIM_LIMIT_MS = 60_000

/** Cleans what dead runs have left behind, then takes the lowest free number. Throws when all 32 are taken. */
export function claimRun(byHand: boolean): Promise<Claim> {
  return withMutex('claim', CLAIM_LIMIT_MS, async () => {
    wipeDeadRuns()
    const taken = new Set(claimedNumbers(RUNS_FOLDER))
    const lowest = Number(process.env[LOWEST_NUMBER] ?? 0)
    const number = Array.from({ length: MAX_LABS }, (_, index) => index).find(
      (index) => index >= lowest && !taken.has(index),
    )
    if (number === undefined)
      throw new Error(
        `no number from ${lowest} to ${MAX_LABS - 1} is free; close a lab: node lab/main.ts down`,
      )
    return { number, folder: writeClaim(number, ownerOf(process.pid, byHand)) }
  })
}

/** Cleans the runs whose process is gone; returns their numbers. */
export async function cleanLeftovers(): Promise<readonly number[]> {
  return withMutex('claim', CLAIM_LIMIT_MS, async () => wipeDeadRuns())
}

/** The owner of a claim, or undefined when nobody alive holds it. */
export function livingOwner(number: number): Owner | undefined {
  const file = join(RUNS_FOLDER, String(number), 'owner.json')
  if (!existsSync(file)) return undefined
  const owner = parseOwner(readFileSync(file, 'utf8'))
  if (!owner) return undefined
  const now = ownerOf(owner.pid, owner.byHand)
  return now.startTime === owner.startTime && now.bootId === owner.bootId ? owner : undefined
}

// A machine that lost power may have kept an empty file; whoever wrote that one is not alive.
function parseOwner(text: string): Owner | undefined {
  return text.startsWith('{') ? (JSON.parse(text) as Owner) : undefined
}

function wipeDeadRuns(): readonly number[] {
  const dead = claimedNumbers(RUNS_FOLDER).filter((number) => livingOwner(number) === undefined)
  for (const number of dead) wipeRun(number, join(RUNS_FOLDER, String(number)))
  return dead
}

// The folder appears under its number with the owner already in it, so nobody sees a claim without an owner.
function writeClaim(number: number, owner: Owner): string {
  const folder = join(RUNS_FOLDER, String(number))
  const half = `${folder}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true, mode: 0o755 })
  writeFileSync(join(half, 'owner.json'), JSON.stringify(owner))
  renameSync(half, folder)
  return folder
}

function ownerOf(pid: number, byHand: boolean): Owner {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return { pid, startTime: startTimeOf(pid), bootId, byHand }
}

// Field 22 of /proc/PID/stat, counted after the name, which may hold spaces and brackets.
function startTimeOf(pid: number): string {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return 'gone'
  const stat = readFileSync(file, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'gone'
}
