import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../lab/lab.ts'
import type { LabHost } from '../../lab/host.ts'
import { run } from '../../lab/run.ts'
import { sshArgv, type SshPlaces, type Via } from '../../src/remote/ssh-command.ts'

/** What a hand would use: one ssh to each host at once, with the very options that Tandem gives its own. */
export type Connections = Readonly<{
  /** Sends a program to hosts, one session each, so many at once; what each printed, in their order. */
  send: (hosts: readonly LabHost[], text: string, atOnce: number) => Promise<readonly Sent[]>
  /** Ends the shared connections: the next session is a cold one. */
  cool: () => Promise<void>
}>

export type Sent = Readonly<{ code: number; out: string; ms: number }>

const kex = ['curve25519-sha256']
const sendLimitMs = 120_000

export function openConnections(lab: Lab, folder: string): Connections {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const knownHosts = join(folder, 'known')
  const lines = lab.hosts.map(
    ({ name, hostKey }) => `floor-${name} ${hostKey.split(' ').slice(1).join(' ')}\n`,
  )
  writeFileSync(knownHosts, lines.join(''))
  const argvTo = (host: LabHost, remote: readonly string[], more: readonly string[] = []): string[] => {
    const places: SshPlaces = {
      alias: `floor-${host.name}`,
      knownHosts,
      socket: join(folder, `s-${host.name}`),
    }
    const [ssh, ...rest] = sshArgv(viaOf(host), places, kex, remote)
    return [ssh, ...more, ...rest]
  }
  return {
    send: async (hosts, text, atOnce) => {
      const sent: Sent[] = []
      const queue = hosts.entries()
      const lane = async (): Promise<void> => {
        for (const [index, host] of queue) sent[index] = await sendTo(argvTo(host, ['exec sh -s']), text)
      }
      await Promise.all(Array.from({ length: Math.min(atOnce, hosts.length) }, lane))
      return sent
    },
    cool: async () => {
      await Promise.all(lab.hosts.map((host) => run(argvTo(host, [], ['-O', 'exit']))))
    },
  }
}

function viaOf(host: LabHost): Via {
  const hostKey = host.hostKey.split(' ').slice(1, 3).join(' ')
  const [user, port, sudo] = ['root', 22, 'no'] as const
  return { kind: 'ssh', user, address: host.address, port, hostKey, identityFile: host.keyFile, sudo }
}

function sendTo([program = '', ...args]: readonly string[], text: string): Promise<Sent> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', timeout: sendLimitMs })
    let out = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (out += bytes.toString()))
    child.once('error', reject)
    // The connection that stays behind keeps no pipe of ours open: ssh gives it /dev/null.
    child.once('close', (code) => resolve({ code: code ?? 137, out, ms: performance.now() - began }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })
}
