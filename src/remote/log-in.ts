import { spawn } from 'node:child_process'
import { TroubleError } from '../change/trouble.ts'
import { parseHostKey } from './host-key.ts'
import type { HostAddress } from './remote.ts'
import { sshEnvironment, sshOption } from './ssh-command.ts'
import { ownWord, placesFor } from './ssh-folder.ts'
import { keyGarbled, keyMissing } from './ssh-trouble.ts'

/**
 * Opens a session at a host for a person: the terminal is theirs, the key is the pinned one. Without a command it is the
 * login shell of the user. Resolves to the exit code of ssh; throws a TroubleError for a host without a pinned key.
 */
export async function logIn(
  host: HostAddress,
  stateDir: string,
  command: readonly string[],
): Promise<number> {
  const { via } = host
  if (via.kind === 'local') {
    throw new TroubleError({
      what: `${host.name} is this machine`,
      host: host.name,
      now: 'you are logged in already',
    })
  }
  const at = { host: host.name, address: via.address, port: via.port }
  if (via.hostKey === null) throw new TroubleError(keyMissing(at))
  const hostKey = parseHostKey(via.hostKey)
  if (hostKey === null) throw new TroubleError(keyGarbled(at, via.hostKey))
  const places = await placesFor({ stateDir, own: ownWord() }, via, hostKey)
  const options = {
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: places.knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: places.alias,
    UpdateHostKeys: 'no',
    ...(via.identityFile === null ? {} : { IdentityFile: via.identityFile, IdentitiesOnly: 'yes' }),
  }
  const target = ['-p', String(via.port), '-l', via.user, '--', via.address]
  const argv = [...Object.entries(options).flatMap(sshOption), ...target, ...command]
  const child = spawn('ssh', argv, { stdio: 'inherit', env: sshEnvironment() })
  return new Promise((settle, fail) => {
    child.on('error', fail)
    child.on('close', (code) => settle(code ?? 255))
  })
}
