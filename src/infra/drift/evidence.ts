import { randomBytes } from 'node:crypto'
import type { HostAddress, Remote } from '../../remote/remote.ts'
import { shAssign } from '../../remote/quote.ts'
import type { HostScripts } from '../host/scripts.ts'
import { lookAt } from '../look/look.ts'

const limitMs = 60_000
const linesKept = 3
/** Who logged in as long before something was written may have written it. */
const loginSeconds = 3_600

/** What the logs and files of a host tell: whole lines, oldest first. */
export type Evidence = Readonly<{
  /** `2026-11-23 07:10:44 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1`. */
  dpkg: readonly string[]
  /** What sudo was asked for, and who logged in, after seconds since 1970: `1795431100.5 web1 sudo[7]: ada : …`. */
  auth: readonly string[]
  /** What differs, and when it was written: `1795431100 2026-11-23 07:11 ada /etc/motd`; `-` for what is gone. */
  paths: readonly string[]
  /** What systemd did with units that differ: `cron.service 2026-11-23T07:11:40+0000 web1 systemd[1]: Stopped …`. */
  units: readonly string[]
  /** Files written since the last apply: `2026-11-23 07:10 /etc/motd`. */
  files: readonly string[]
}>

export const noEvidence: Evidence = { dpkg: [], auth: [], paths: [], units: [], files: [] }

export type EvidenceWorld = Readonly<{ remote: Remote; scripts: HostScripts }>

/** Reads what a host knows of these things, named by their keys. */
export async function evidenceOf(
  { remote, scripts }: EvidenceWorld,
  host: HostAddress,
  keys: readonly string[],
): Promise<Evidence> {
  const mark = randomBytes(4).toString('hex')
  const named = (type: string): string =>
    keys.flatMap((key) => (key.startsWith(`${type} `) ? [nameIn(key)] : [])).join('\n')
  const variables = { MARK: mark, PATHS: named('path'), UNITS: named('unit') }
  const script = shAssign(variables) + scripts['evidence.sh']
  // A frame makes the run folder, where the journal is put down before it is read twice.
  const frames = [{ name: 'keys', bytes: new Uint8Array() }]
  const looked = await lookAt(remote, host, { script, frames, secrets: [], limitMs, leavesNothing: true })
  if (looked.type === 'away') return noEvidence
  const told = (word: string): readonly string[] =>
    looked.lines.flatMap((line) => {
      const head = `@${mark} ${word} `
      return line.startsWith(head) ? [line.slice(head.length)] : []
    })
  return {
    dpkg: told('dpkg'),
    auth: told('auth'),
    paths: told('path'),
    units: told('unit'),
    files: told('file'),
  }
}

/** What is told of one thing: for people, the likeliest last. */
export function linesAbout(evidence: Evidence, key: string): readonly string[] {
  const name = nameIn(key)
  if (key.startsWith('package ')) {
    return evidence.dpkg.filter((line) => line.split(' ')[3]?.split(':')[0] === name).slice(-linesKept)
  }
  if (key.startsWith('unit ')) {
    return evidence.units
      .filter((line) => line.startsWith(`${name} `))
      .map((line) => line.slice(name.length + 1))
  }
  return key.startsWith('path ') ? aboutPath(evidence, name) : commandsOn(evidence, name)
}

/** A key may name the part of a path that one resource owns: `path /etc/hosts, line /etc/hosts: …`. */
const nameIn = (key: string): string => key.slice(key.indexOf(' ') + 1).split(', ')[0] ?? ''

function aboutPath(evidence: Evidence, path: string): readonly string[] {
  const line = evidence.paths.find((one) => one.endsWith(` ${path}`))
  const [seconds = '0', day = '', time = '', owner = ''] = line?.split(' ') ?? []
  const written = owner === '-' ? 'something in its folder went or came at' : 'written at'
  const when = line === undefined ? [] : [`${written} ${day} ${time}, by the clock of the host`]
  const commands = commandsOn(evidence, path)
  return [...when, ...(commands.length > 0 ? commands : loginBefore(evidence, Number(seconds)))]
}

/** Commands of sudo that name it, whole or by the last part of its path, once somebody went to its folder. */
function commandsOn({ auth }: Evidence, name: string): readonly string[] {
  const last = name.split('/').at(-1) ?? name
  const speaks = (command: string): boolean =>
    command.includes(name) || (last.length > 3 && command.split(/\s+/).includes(last))
  return auth
    .filter((line) => speaks(/COMMAND=(.*)$/.exec(line)?.[1] ?? ''))
    .map(withoutSeconds)
    .slice(-linesKept)
}

/** Who had logged in last before then: that proves nothing, and is where to ask. */
function loginBefore({ auth }: Evidence, seconds: number): readonly string[] {
  const logins = auth.filter((line) => {
    const at = Number(line.split(' ')[0])
    return line.includes('Accepted ') && at <= seconds + 1 && at >= seconds - loginSeconds
  })
  return logins.slice(-1).map((line) => `the last login before: ${withoutSeconds(line)}`)
}

const withoutSeconds = (line: string): string => line.slice(line.indexOf(' ') + 1)
