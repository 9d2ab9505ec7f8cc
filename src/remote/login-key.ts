import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { TroubleError } from '../change/trouble.ts'
import { fingerprintOf, parseHostKey } from './host-key.ts'
import { type Dial, dialProcess } from './link.ts'
import type { HostAddress } from './remote.ts'
import { sshArgv, sshEnvironment } from './ssh-command.ts'
import { ownWord, placesFor } from './ssh-folder.ts'
import { keyMissing, unreached } from './ssh-trouble.ts'

/**
 * The public key that lets us in at a host, as a line of `authorized_keys`: what ssh itself says it was, found among the
 * keys of the agent and the files it has tried. Throws a TroubleError when none was, such as with a password.
 */
export async function learnLoginKey(
  host: HostAddress,
  stateDir: string,
  dial: Dial = dialProcess,
): Promise<string> {
  const { via } = host
  if (via.kind === 'local') throw new Error(`${host.name} is this machine: nobody logs in`)
  const at = { host: host.name, address: via.address, port: via.port }
  if (via.hostKey === null) throw new TroubleError(keyMissing(at))
  const places = await placesFor({ stateDir, own: ownWord() }, via, via.hostKey)
  const [ssh, ...options] = sshArgv(via, places, [], ['true'])
  // Of two values of an option ssh takes the first. A shared connection would not log in anew.
  const own = ['-v', '-o', 'ControlPath=none', '-o', 'LogLevel=DEBUG1']
  const { end, stderr } = await ran([ssh, ...own, ...options], dial)
  const accepted = [...stderr.matchAll(/Server accepts key: (.+) \S+ (SHA256:[A-Za-z0-9+/]+)/g)].at(-1)
  if (accepted === undefined) {
    if (end.code !== 0) throw new TroubleError(unreached(at, end, stderr))
    throw unknown(host.name)
  }
  const [, file = '', fingerprint = ''] = accepted
  for (const line of await candidates(file, dial)) {
    const key = parseHostKey(line)
    if (key !== null && fingerprintOf(key) === fingerprint) return line.trim()
  }
  throw unknown(host.name)
}

/** Where the public half may be: beside the private one, in the agent, or in the private one itself. */
async function candidates(file: string, dial: Dial): Promise<readonly string[]> {
  const beside = await readFile(`${file}.pub`, 'utf8').catch(() => '')
  const agent = await ran(['ssh-add', '-L'], dial)
  const inside = await ran(['ssh-keygen', '-y', '-P', '', '-f', file], dial)
  return [beside, agent.stdout, inside.stdout].flatMap((lines) => lines.split('\n'))
}

async function ran(argv: readonly [string, ...string[]], dial: Dial) {
  const link = dial(argv, sshEnvironment())
  link.stdin.end()
  const [stdout, stderr, end] = await Promise.all([text(link.stdout), text(link.stderr), link.gone])
  return { stdout, stderr, end }
}

const unknown = (host: string): TroubleError =>
  new TroubleError({
    what: `nobody can tell which key lets you in at ${host}`,
    host,
    now: 'name the public keys of the team: --key ~/.ssh/id_ed25519.pub',
  })
