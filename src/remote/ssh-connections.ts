import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { TroubleError } from '../change/trouble.ts'
import { parseHostKey } from './host-key.ts'
import type { Dial, Link } from './link.ts'
import { sshArgv, sshEnvironment, type SshPlaces, type Via } from './ssh-command.ts'
import { ownWord, placesFor } from './ssh-folder.ts'
import { keyGarbled, keyMissing } from './ssh-trouble.ts'
import { openTurnstile, type Turnstile } from './turnstile.ts'

/** One connection to each host, shared by all programs there. */
export type SshConnections = Readonly<{
  /** Opens a session that runs `command` when it is our turn; `opened` is to be called when the host has answered. */
  dial: (name: string, via: Via, command: string) => Promise<Dialled>
  close: () => Promise<void>
}>

export type Dialled = Readonly<{ link: Link; opened: () => void }>

type Connection = Readonly<{ via: Via; places: SshPlaces; turnstile: Turnstile }>

// The cheapest key exchanges that are still sound; the rest of ssh's own list stays behind them. A cold connection
// costs this side 13 ms of CPU with curve25519-sha256, and 68 ms with the sntrup761 that OpenSSH 9.2 prefers.
const CHEAP_KEX = ['mlkem768x25519-sha256', 'curve25519-sha256']
const CLOSE_LIMIT_MS = 2_000

export function openSshConnections(stateDir: string, dial: Dial): SshConnections {
  const kex = cheapKex()
  const own = ownWord()
  const env = sshEnvironment()
  const connections = new Map<string, Promise<Connection>>()

  function connectionTo(name: string, via: Via): Promise<Connection> {
    const key = JSON.stringify(via)
    const known = connections.get(key)
    if (known !== undefined) return known
    const made = connect(name, via)
    connections.set(key, made)
    made.catch(() => connections.delete(key))
    return made
  }

  async function connect(name: string, via: Via): Promise<Connection> {
    const places = await placesFor({ stateDir, own }, via, pinnedKey(name, via))
    return { via, places, turnstile: openTurnstile(name) }
  }

  return {
    dial: async (name, via, command) => {
      const { places, turnstile } = await connectionTo(name, via)
      const argv = sshArgv(via, places, await kex, [command])
      const pass = await turnstile.enter()
      const link = dial(argv, env)
      void link.gone.then(pass.leave)
      return { link, opened: pass.opened }
    },
    close: async () => {
      const made = await Promise.allSettled(connections.values())
      await Promise.all(made.flatMap((it) => (it.status === 'fulfilled' ? [hangUp(it.value)] : [])))
    },
  }
}

function pinnedKey(host: string, via: Via): string {
  const reached = { host, address: via.address, port: via.port }
  if (via.hostKey === null) throw new TroubleError(keyMissing(reached))
  const hostKey = parseHostKey(via.hostKey)
  if (hostKey === null) throw new TroubleError(keyGarbled(reached, via.hostKey))
  return hostKey
}

/** Which of the cheap key exchanges this machine's ssh knows; naming an unknown one would be an error. */
async function cheapKex(): Promise<readonly string[]> {
  const known = await promisify(execFile)('ssh', ['-Q', 'kex']).catch(() => ({ stdout: '' }))
  return CHEAP_KEX.filter((name) => known.stdout.split('\n').includes(name))
}

async function hangUp({ via, places }: Connection): Promise<void> {
  const [file, ...args] = sshArgv(via, places, [], [])
  const options = { env: sshEnvironment(), timeout: CLOSE_LIMIT_MS }
  // Fails when no connection is open, which is what we want.
  await promisify(execFile)(file, ['-O', 'exit', ...args], options).catch(() => {})
}
