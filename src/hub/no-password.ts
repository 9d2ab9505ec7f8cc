import { TroubleError } from '../change/trouble.ts'
import type { HostAddress } from '../remote/remote.ts'

/** What is asked for a password where nobody can answer. */
export async function noPassword(host: HostAddress): Promise<string> {
  throw new TroubleError({
    what: `sudo on ${host.name} asks for a password and nobody is there to type it`,
    host: host.name,
    now: 'set TANDEM_SUDO_PASSWORD for the hub, or allow this user to use sudo without one',
  })
}
