import type { Trouble } from '../change/trouble.ts'
import { attachOpening, lookOpening, type Opening, startOpening } from './bootstrap.ts'
import { fingerprintOf } from './host-key.ts'
import type { Dial, LinkEnd } from './link.ts'
import type { HostAddress, Program, Run } from './remote.ts'
import { openSessionList } from './session-list.ts'
import { HOST_ROOT, hostCommand, type Via } from './ssh-command.ts'
import { openSshConnections } from './ssh-connections.ts'
import { isKeyChanged, keyChanged, type Reached, unreached } from './ssh-trouble.ts'

export type Ssh = Readonly<{
  start: (host: HostAddress, via: Via, program: Program) => Run
  look: (host: HostAddress, via: Via, program: Omit<Program, 'lease'>) => Run
  attach: (host: HostAddress, via: Via, run: Readonly<{ id: string; secrets: readonly string[] }>) => Run
  /** Stops following and closes the shared connections. Programs go on. */
  close: () => Promise<void>
}>

export type SshWorld = Readonly<{
  stateDir: string
  sudoPassword: (host: HostAddress) => Promise<string>
  dial: Dial
}>

type Work = Readonly<{ id: string; opening: Opening; secrets: readonly string[] }>

/** Hosts reached by the system's OpenSSH client. */
export function openSsh(world: SshWorld): Ssh {
  const connections = openSshConnections(world.stateDir, world.dial)
  const sessions = openSessionList()

  function open(host: HostAddress, via: Via, work: Work): Run {
    const prompt = `tandem-${work.opening.nonce}:`
    let opened = (): void => {}
    return sessions.follow({
      host: host.name,
      ...work,
      dial: async () => {
        const dialled = await connections.dial(host.name, via, hostCommand(via, work.opening, prompt))
        opened = dialled.opened
        return dialled.link
      },
      greeted: () => opened(),
      password: via.sudo === 'password' ? { prompt, answer: () => world.sudoPassword(host) } : null,
      explain: (end, stderr, noise) => notBegun({ host: host.name, ...via }, { end, stderr, noise }),
    })
  }

  return {
    start: (host, via, program) => {
      const opening = startOpening(HOST_ROOT, program)
      return open(host, via, { id: program.id, opening, secrets: program.secrets })
    },
    look: (host, via, program) => {
      const opening = lookOpening(HOST_ROOT, program)
      return open(host, via, { id: program.id, opening, secrets: program.secrets })
    },
    attach: (host, via, { id, secrets }) =>
      open(host, via, { id, opening: attachOpening(HOST_ROOT, id), secrets }),
    close: async () => {
      sessions.leave()
      await connections.close()
    },
  }
}

type LastWords = Readonly<{ end: LinkEnd; stderr: string; noise: string }>

function notBegun(at: Reached & Via, { end, stderr, noise }: LastWords): Trouble {
  if (isKeyChanged(stderr)) return keyChanged(at, fingerprintOf(at.hostKey ?? ''), stderr)
  return unreached(at, end, stderr, noise)
}
