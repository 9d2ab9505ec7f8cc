import { randomBytes } from 'node:crypto'
import type { HostAddress, Remote } from '../../remote/remote.ts'
import { shAssign } from '../../remote/quote.ts'
import type { HostScripts } from '../host/scripts.ts'
import { lookAt } from '../look/look.ts'

const limitMs = 60_000
const linesKept = 3

/** What the logs of a host tell: whole lines, oldest first. */
export type Evidence = Readonly<{
  /** `2026-11-23 07:10:44 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1`. */
  dpkg: readonly string[]
  /** What sudo was asked for, and who logged in. */
  auth: readonly string[]
  /** Files written since the last apply: `2026-11-23 07:10 /etc/motd`. */
  files: readonly string[]
}>

const none: Evidence = { dpkg: [], auth: [], files: [] }

export type EvidenceWorld = Readonly<{ remote: Remote; scripts: HostScripts }>

/** Reads the logs of a host. */
export async function evidenceOf({ remote, scripts }: EvidenceWorld, host: HostAddress): Promise<Evidence> {
  const mark = randomBytes(4).toString('hex')
  const script = shAssign({ MARK: mark }) + scripts['evidence.sh']
  const looked = await lookAt(remote, host, { script, frames: [], secrets: [], limitMs })
  if (looked.type === 'away') return none
  const told = (word: string): readonly string[] =>
    looked.lines.flatMap((line) => {
      const head = `@${mark} ${word} `
      return line.startsWith(head) ? [line.slice(head.length)] : []
    })
  return { dpkg: told('dpkg'), auth: told('auth'), files: told('file') }
}

/** The last lines that speak of a thing: a package by its name, anything else by its path or name in a command. */
export function linesAbout(evidence: Evidence, key: string): readonly string[] {
  const [type = '', ...rest] = key.split(' ')
  const name = rest.join(' ')
  const found =
    type === 'package'
      ? evidence.dpkg.filter((line) => line.split(' ')[3]?.split(':')[0] === name)
      : [
          ...evidence.files.filter((line) => line.endsWith(` ${name}`)),
          ...evidence.auth.filter((line) => speaksOf(line, name)),
        ]
  return found.slice(-linesKept)
}

/** Commands name files whole or by the last part of their path, once somebody went to their folder. */
function speaksOf(line: string, name: string): boolean {
  const command = /COMMAND=(.*)$/.exec(line)?.[1]
  if (command === undefined) return false
  const last = name.split('/').at(-1) ?? name
  return command.includes(name) || (last.length > 3 && command.split(/\s+/).includes(last))
}
