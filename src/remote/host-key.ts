import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { TroubleError } from '../change/trouble.ts'
import { type Dial, dialProcess } from './link.ts'
import { sshEnvironment, sshOption } from './ssh-command.ts'
import { unreached } from './ssh-trouble.ts'

/** A host key as people compare it and as it is pinned. */
export type HostKey = Readonly<{ key: string; fingerprint: string }>

const CONNECT_SECONDS = 10
const ALGORITHMS = 'ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256'

/** `ssh-ed25519 AAAA…` of a line that may carry a comment after it; null for anything else. */
export function parseHostKey(line: string): string | null {
  const [, key] = /^((?:ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/]+={0,2})(?:[ \t].*)?$/.exec(line.trim()) ?? []
  return key ?? null
}

/** `SHA256:…`, as ssh prints it, of a key in the form that parseHostKey gives. */
export function fingerprintOf(key: string): string {
  const blob = Buffer.from(key.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/**
 * The key a host shows now. Asked by ssh itself and not by ssh-keyscan, so that aliases and jump hosts of
 * `~/.ssh/config` lead to the same host as later. It logs in nowhere: no way to authenticate is offered.
 */
export async function learnHostKey(
  address: string,
  port: number,
  dial: Dial = dialProcess,
): Promise<HostKey> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-key-'))
  try {
    const file = join(folder, 'known')
    const link = dial(learnArgv({ address, port, file }), sshEnvironment())
    link.stdin.end()
    link.stdout.resume()
    const [stderr, end] = await Promise.all([text(link.stderr), link.gone])
    const line = await readFile(file, 'utf8').catch(() => '')
    const key = parseHostKey(line.replace(/^\S+\s/, ''))
    if (key === null) throw new TroubleError(unreached({ host: address, address, port }, end, stderr))
    return { key, fingerprint: fingerprintOf(key) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function learnArgv(at: Readonly<{ address: string; port: number; file: string }>): [string, ...string[]] {
  const options = {
    BatchMode: 'yes',
    ControlPath: 'none',
    PreferredAuthentications: 'none',
    StrictHostKeyChecking: 'accept-new',
    UserKnownHostsFile: at.file,
    GlobalKnownHostsFile: '/dev/null',
    HashKnownHosts: 'no',
    HostKeyAlias: 'learned',
    HostKeyAlgorithms: ALGORITHMS,
    ConnectTimeout: String(CONNECT_SECONDS),
    ConnectionAttempts: '1',
    LogLevel: 'ERROR',
  }
  return [
    'ssh',
    '-T',
    ...Object.entries(options).flatMap(sshOption),
    '-p',
    String(at.port),
    '--',
    at.address,
    'true',
  ]
}
