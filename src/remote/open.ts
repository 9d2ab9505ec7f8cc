import { openLocal } from './local.ts'
import { type Dial, dialProcess } from './link.ts'
import type { HostAddress, Remote } from './remote.ts'
import { openSsh } from './ssh.ts'

export type RemoteOptions = Readonly<{
  /** Where known host keys and the sockets of open connections are kept; private to us. */
  stateDir: string
  /** Asked for hosts whose `sudo` is `password`, each time a program starts there. */
  sudoPassword: (host: HostAddress) => Promise<string>
  /** How our own processes are started; tests put themselves between. */
  dial?: Dial
}>

/** Hosts by SSH and this machine behind one seam. */
export function openRemote(options: RemoteOptions): Remote {
  const dial = options.dial ?? dialProcess
  const local = openLocal(dial)
  const ssh = openSsh({ ...options, dial })
  return {
    start: (host, program) =>
      host.via.kind === 'local'
        ? local.start(host.name, host.via.root, program)
        : ssh.start(host, host.via, program),
    look: (host, program) =>
      host.via.kind === 'local'
        ? local.look(host.name, host.via.root, program)
        : ssh.look(host, host.via, program),
    attach: (host, id, secrets) =>
      host.via.kind === 'local'
        ? local.attach(host.name, host.via.root, id, secrets)
        : ssh.attach(host, host.via, { id, secrets }),
    close: async () => {
      local.close()
      await ssh.close()
    },
  }
}
