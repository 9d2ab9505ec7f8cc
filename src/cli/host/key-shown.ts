import type { HostKey } from '../../remote/host-key.ts'
import { type Args } from '../args.ts'
import { askYes } from '../ask-yes.ts'
import { paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'

/** Shows the key of a host, and how to compare it where nobody stands between. */
export function showKey(world: World, host: string, { key, fingerprint }: HostKey): void {
  world.out(`${host} shows ${paintFor(world.screen()).bold(fingerprint)}`)
  world.out(`compare it on the host itself, at its console: ssh-keygen -lf ${keyFileOf(key)}`)
}

/** Whether the key is that of the host: somebody says so now, or has said so by --yes. */
export async function isCompared(args: Args, world: World, host: string): Promise<boolean> {
  if (args.has('yes')) return true
  return askYes(world, `is this the key of ${host}?`, 'compare the fingerprint, then give --yes')
}

/** Where sshd keeps the public half of a key of this type. */
function keyFileOf(key: string): string {
  const type = key.startsWith('ecdsa-') ? 'ecdsa' : key.startsWith('ssh-rsa') ? 'rsa' : 'ed25519'
  return `/etc/ssh/ssh_host_${type}_key.pub`
}
