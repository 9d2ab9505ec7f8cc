import type { Trouble } from '../change/trouble.ts'
import type { LinkEnd } from './link.ts'

/** Who was to be reached, for the message. */
export type Reached = Readonly<{ host: string; address: string; port: number }>

/** What a sign in the words of ssh or sudo means. */
type Sign = Readonly<{
  sign: RegExp
  what: (at: Reached) => string
  now: (at: Reached) => string
  /** The host is down or cut off, and may come back: nobody has to mend anything here. */
  isAway?: true
}>

/** What ssh ends with when the connection is at fault, and not the command there. */
const sshFailed = 255

const place = ({ address, port }: Reached): string => `${address} port ${port}`

// The first that fits counts, so what says more comes first.
const signs: readonly Sign[] = [
  {
    sign: /Could not resolve hostname/,
    what: ({ host, address }) => `${host} cannot be found: no address for the name ${address}`,
    now: () => 'check the spelling of the address, or the name server of this machine',
  },
  {
    sign: /Connection refused/,
    what: (at) => `${at.host} refuses the connection: nothing listens at ${place(at)}`,
    now: () => 'check that the host is the right one, that its sshd runs, and on which port',
    isAway: true,
  },
  {
    sign: /timed out|No route to host|Network is unreachable|Host is down/i,
    what: (at) => `${at.host} does not answer at ${place(at)}`,
    now: () => 'check that the host is up, and the network and firewalls between it and this machine',
    isAway: true,
  },
  {
    sign: /Permission denied \(/,
    what: ({ host }) => `${host} does not let this user in with any key that was offered`,
    now: ({ host }) =>
      `put the public key into authorized_keys on ${host}, or name the right user or identity file`,
  },
  {
    sign: /sudo: .*(password is required|password for)/,
    what: ({ host }) => `sudo on ${host} asks for a password`,
    now: () => "say sudo: 'password' for this host, or allow this user sudo without one",
  },
  {
    sign: /sudo: .*(tty|terminal)/,
    what: ({ host }) => `sudo on ${host} wants a terminal`,
    now: ({ host }) => `remove requiretty for this user from the sudoers of ${host}`,
  },
  {
    sign: /not in the sudoers|not allowed to (execute|run)|may not run sudo/,
    what: ({ host }) => `this user may not become root on ${host}`,
    now: ({ host }) => `give the user sudo on ${host}, or name another user`,
  },
  {
    sign: /sudo: (command )?not found|sudo: unknown command/i,
    what: ({ host }) => `${host} has no sudo`,
    now: () => 'install sudo there, or log in as root',
  },
  {
    sign: /bad configuration option|bad owner or permissions|keyword .* extra arguments/i,
    what: () => 'ssh cannot read its configuration on this machine',
    now: () => 'correct ~/.ssh/config as the lines below say',
  },
  {
    sign: /kex_exchange_identification|Connection (closed|reset)|Connection to .* closed/,
    what: (at) => `${at.host} closed the connection at ${place(at)} before anyone logged in`,
    now: () =>
      // Where a connection stays open for others, ssh throws away what the one to a jump host says.
      'look for a rate limit (fail2ban, ufw limit, MaxStartups) that blocks this machine, and wait it out; where ~/.ssh/config leads there through another host, see whether that one answers',
    isAway: true,
  },
]

const CHANGED = /HOST IDENTIFICATION HAS CHANGED|Host key verification failed|no matching host key type/

/** Did the host show another key than the pinned one? */
export function isKeyChanged(stderr: string): boolean {
  return CHANGED.test(stderr)
}

/** The words for a connection that did not come about. */
export function unreached(at: Reached, end: LinkEnd, stderr: string, noise = ''): Trouble {
  const { host } = at
  const lines = [...noise.split('\n'), ...stderr.split('\n')].map((line) => line.trim()).filter(Boolean)
  const tail = lines.length === 0 ? {} : { tail: lines.slice(-6) }
  const where = `ssh to ${place(at)}`
  if (end.failed !== null) {
    const now = 'install the OpenSSH client here: apt-get install openssh-client'
    return { what: `ssh cannot be run on this machine: ${end.failed.message}`, where, host, now }
  }
  const found = signs.find(({ sign }) => sign.test(stderr))
  if (found !== undefined) {
    const lost = found.isAway === true ? { lost: true as const } : {}
    return { what: found.what(at), where, host, now: found.now(at), ...tail, ...lost }
  }
  return {
    what: `the session to ${host} ended before a program could begin`,
    where,
    host,
    ...(end.code === null ? {} : { exit: end.code }),
    ...(end.code === sshFailed ? { lost: true } : {}),
    ...tail,
    now: 'look at the lines above; a login shell such as nologin, or a login file that ends the session, does this',
  }
}

/** The refusal of a host that shows another key than the pinned one. */
export function keyChanged(at: Reached, pinned: string, stderr: string): Trouble {
  const [shown] = /SHA256:[A-Za-z0-9+/]+/.exec(stderr) ?? []
  return {
    what: `${at.host} shows another host key than the accepted one: accepted ${pinned}, shown ${shown ?? 'one of another type'}`,
    where: `ssh to ${place(at)}`,
    host: at.host,
    now: `if the host was installed anew, accept its key with: tandem host accept ${at.host}; if not, someone may stand between`,
  }
}

/** Nothing is ever sent to a host whose key nobody has looked at. */
export function keyMissing(at: Reached): Trouble {
  return {
    what: `the host key of ${at.host} has not been accepted yet`,
    where: `ssh to ${place(at)}`,
    host: at.host,
    now: `look at its key and accept it with: tandem host accept ${at.host}`,
  }
}

export function keyGarbled(at: Reached, line: string): Trouble {
  return {
    what: `the accepted host key of ${at.host} is not one: ${JSON.stringify(line.slice(0, 60))}`,
    where: `ssh to ${place(at)}`,
    host: at.host,
    now: `write it as ssh-ed25519 AAAA…, or accept the key the host shows: tandem host accept ${at.host}`,
  }
}
