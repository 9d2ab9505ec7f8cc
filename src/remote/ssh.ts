import type { Trouble } from '../change/trouble.ts'
import { attachOpening, lookOpening, newNonce, type Opening, startOpening } from './bootstrap.ts'
import { fingerprintOf } from './host-key.ts'
import type { Dial, LinkEnd } from './link.ts'
import type { HostAddress, Look, Program, Run } from './remote.ts'
import { openSessionList } from './session-list.ts'
import { HOST_ROOT, hostCommand, type Via } from './ssh-command.ts'
import { openSshConnections } from './ssh-connections.ts'
import { openStandingSessions, type Standing, standingOf } from './standing.ts'
import { isKeyChanged, keyChanged, type Reached, unreached } from './ssh-trouble.ts'

export type Ssh = Readonly<{
  start: (host: HostAddress, via: Via, program: Program) => Run
  look: (host: HostAddress, via: Via, program: Look) => Run
  attach: (host: HostAddress, via: Via, run: Readonly<{ id: string; secrets: readonly string[] }>) => Run
  /** Stops following and closes the shared connections. Programs go on. */
  close: () => Promise<void>
}>

export type SshWorld = Readonly<{
  stateDir: string
  sudoPassword: (host: HostAddress) => Promise<string>
  dial: Dial
}>

type Work = Readonly<{
  id: string
  opening: Opening
  secrets: readonly string[]
  standing: Standing | null
  /** Takes the session when the work in it has ended; null where it ends with it. */
  keep: ((standing: Standing) => void) | null
}>

const alone = { standing: null, keep: null } as const

/** Hosts reached by the system's OpenSSH client. */
export function openSsh(world: SshWorld): Ssh {
  const connections = openSshConnections(world.stateDir, world.dial)
  const standing = openStandingSessions()
  const sessions = openSessionList()

  function open(host: HostAddress, via: Via, { standing: found, keep, ...work }: Work): Run {
    const { nonce } = work.opening
    const prompt = `tandem-${nonce}:`
    let opened = (): void => {}
    let used = found
    return sessions.follow({
      host: host.name,
      ...work,
      standing: found?.turn() ?? null,
      dial: async () => {
        const dialled = await connections.dial(host.name, via, hostCommand(via, work.opening, prompt))
        opened = dialled.opened
        used = standingOf(nonce, dialled.link)
        return used.turn()
      },
      greeted: () => opened(),
      keep: keep === null ? null : () => (used === null ? undefined : keep(used)),
      password: via.sudo === 'password' ? { prompt, answer: () => world.sudoPassword(host) } : null,
      explain: (end, stderr, noise) => notBegun({ host: host.name, ...via }, { end, stderr, noise }),
    })
  }

  function look(host: HostAddress, via: Via, program: Look): Run {
    const key = JSON.stringify(via)
    const found = standing.take(key)
    const opening = lookOpening(HOST_ROOT, program, found?.nonce ?? newNonce())
    // Who asks for a password each time means it: a shell of root does not stay open behind it.
    const mayStand = program.leavesNothing && via.sudo !== 'password'
    const keep = mayStand ? (used: Standing) => standing.keep(key, used) : null
    return open(host, via, { id: program.id, opening, secrets: program.secrets, standing: found, keep })
  }

  return {
    start: (host, via, program) => {
      const opening = startOpening(HOST_ROOT, program)
      return open(host, via, { id: program.id, opening, secrets: program.secrets, ...alone })
    },
    look,
    attach: (host, via, { id, secrets }) =>
      open(host, via, { id, opening: attachOpening(HOST_ROOT, id), secrets, ...alone }),
    close: async () => {
      sessions.leave()
      standing.close()
      await connections.close()
    },
  }
}

type LastWords = Readonly<{ end: LinkEnd; stderr: string; noise: string }>

function notBegun(at: Reached & Via, { end, stderr, noise }: LastWords): Trouble {
  if (isKeyChanged(stderr)) return keyChanged(at, fingerprintOf(at.hostKey ?? ''), stderr)
  return unreached(at, end, stderr, noise)
}
