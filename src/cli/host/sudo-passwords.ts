import type { TeamConfig } from '../../config/config.ts'
import { askSecret, typeSecret } from '../ask-secret.ts'
import type { World } from '../world.ts'

export type Passwords = (host: Readonly<{ name: string }>) => Promise<string>

type Typed = Readonly<{ word: string; isForAll: boolean }>

/**
 * Asks at the terminal for what sudo wants on a host: one host after the other, each once. Return alone takes the one
 * before, for this host and all that follow. Who interrupts one question is asked no other.
 */
export function sudoPasswords(world: World): Passwords {
  const asked = new Map<string, Promise<Typed>>()
  let latest: Promise<Typed | null> = Promise.resolve(null)
  return async ({ name }) => {
    const asking = asked.get(name) ?? latest.then((before) => ask(world, name, before))
    if (!asked.has(name)) latest = asking
    asked.set(name, asking)
    return (await asking).word
  }
}

/** As `sudoPasswords`; `null` where the password is in the environment, or nobody sits there who could answer. */
export function sudoPasswordsIfAsked(world: World): Passwords | null {
  const canAsk = world.input.isTTY === true && world.screen().isTty
  return canAsk && world.env['TANDEM_SUDO_PASSWORD'] === undefined ? sudoPasswords(world) : null
}

/**
 * Asks for all hosts that want a password before a request that reaches hosts, for a host does not wait for long: one
 * whose password is typed too late would count as lost.
 */
export async function askAhead(
  passwordOf: Passwords,
  request: Request,
  config: () => Promise<TeamConfig>,
): Promise<void> {
  if (!reaching.has(new URL(request.url).pathname) || request.method !== 'POST') return
  // A mistake in it is told by the answer to the request itself.
  const read = await config().catch(() => null)
  const hosts = Object.entries(read?.hosts ?? {})
  const names = hosts.flatMap(([name, { via }]) =>
    via.kind === 'ssh' && via.sudo === 'password' ? [name] : [],
  )
  await Promise.all(names.map((name) => passwordOf({ name })))
}

const reaching: ReadonlySet<string> = new Set([
  '/api/changes',
  '/api/plans',
  '/api/reverts',
  '/api/reverts/plan',
  '/api/drift',
  '/api/facts',
  '/api/programs',
])

async function ask(world: World, host: string, before: Typed | null): Promise<Typed> {
  const prompt = `password of sudo on ${host}`
  if (before === null) return { word: await askSecret(world, prompt), isForAll: false }
  if (before.isForAll) return before
  const word = await typeSecret(world, `${prompt} (return: the same here and on all others)`)
  return word === '' ? { word: before.word, isForAll: true } : { word, isForAll: false }
}
