import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Lab } from '../../lab/lab.ts'

/** A program that may change things on a host, seen while it ran. */
export type Writer = Readonly<{ host: string; run: string; target: string; token: number }>

export type WriterWatch = Readonly<{
  /** What two programs did that must not be: run at one time with two tokens, or an older one after a newer one. */
  faults: () => readonly string[]
  /** How many programs were seen: a watch that sees none finds no fault either. */
  seen: () => number
  close: () => void
}>

const everyMs = 40

/** Looks at the processes of all hosts, from outside, many times a second. */
export function watchWriters(lab: Lab): WriterWatch {
  const judge = makeJudge()
  const look = makeLook(lab)
  const timer = setInterval(() => judge.look(look()), everyMs)
  return { faults: judge.faults, seen: judge.seen, close: () => clearInterval(timer) }
}

export type Judge = Readonly<
  { look: (now: readonly Writer[]) => void } & Pick<WriterWatch, 'faults' | 'seen'>
>

/** Judges one look after the other. Who runs beside a newer one in a single look may just be dying. */
export function makeJudge(): Judge {
  const faults: string[] = []
  const known = new Set<string>()
  const highest = new Map<string, number>()
  const suspects = new Map<string, number>()

  const judgeOne = (writer: Writer): void => {
    const place = `${writer.host} ${writer.target}`
    const newest = highest.get(place) ?? 0
    const name = `${writer.host} ${writer.run}`
    if (!known.has(name) && writer.token < newest)
      faults.push(`${name} began with token ${writer.token} after token ${newest} had been there`)
    known.add(name)
    highest.set(place, Math.max(newest, writer.token))
  }

  return {
    look: (now) => {
      for (const writer of now) judgeOne(writer)
      for (const older of now) {
        const newer = now.find((other) => isNewer(other, older))
        const name = `${older.host} ${older.run}`
        const looks = newer === undefined ? 0 : (suspects.get(name) ?? 0) + 1
        suspects.set(name, looks)
        if (looks === 2) faults.push(`${name} ran on beside ${newer?.run ?? ''}, which has a newer token`)
      }
    },
    faults: () => faults,
    seen: () => known.size,
  }
}

const isNewer = (one: Writer, other: Writer): boolean =>
  one.host === other.host && one.target === other.target && one.token > other.token

/** Finds the running programs; a process is looked at closely until it is known to be none of them. */
function makeLook(lab: Lab): () => readonly Writer[] {
  const others = new Set<string>()
  return () => {
    const spaces = new Map(lab.hosts.flatMap((host) => spaceOf(() => host.leader(), host.name)))
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    const there = new Set(pids)
    for (const pid of others) if (!there.has(pid)) others.delete(pid)
    const writers = pids
      .filter((pid) => !others.has(pid))
      .flatMap((pid) => {
        const words = commandOf(pid)
        if (!words.includes('./.s') && words !== '') others.add(pid)
        return words.includes('./.script') ? writerOf(pid, spaces) : []
      })
    return [...new Map(writers.map((writer) => [`${writer.host} ${writer.run}`, writer])).values()]
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

// A host is known by the process namespace of its first process.
function spaceOf(leader: () => number, host: string): readonly (readonly [string, string])[] {
  try {
    return [[readlinkSync(`/proc/${leader()}/ns/pid`), host]]
  } catch {
    // It is switched off.
    return []
  }
}

function writerOf(pid: string, spaces: ReadonlyMap<string, string>): readonly Writer[] {
  try {
    const host = spaces.get(readlinkSync(`/proc/${pid}/ns/pid`))
    const run = readlinkSync(`/proc/${pid}/cwd`).split('/').at(-1) ?? ''
    const script = readFileSync(`/proc/${pid}/cwd/.script`, 'utf8').slice(0, 1000)
    const target = /^lease='?[^'\n]*\/([^'\n/]+)'?$/m.exec(script)?.[1]
    const token = Number(/^token='?(\d+)'?$/m.exec(script)?.[1])
    return host === undefined || target === undefined || Number.isNaN(token)
      ? []
      : [{ host, run, target, token }]
  } catch {
    // It has ended meanwhile.
    return []
  }
}
