import type { PersonConfig } from '../../config/config.ts'
import type { ForgeConfig } from '../../config/repo/repo.ts'

type People = Readonly<Record<string, Pick<PersonConfig, 'forges'>>>

/** The address of a forge, as people name it in `forges`. */
export const forgeHost = ({ url }: Pick<ForgeConfig, 'url'>): string => new URL(url).host

/**
 * The person who has this name on the forge; null where nobody wrote it down. That somebody here is called the same
 * proves nothing: on a public forge the name was free for everybody.
 */
export function personOf(people: People, forge: Pick<ForgeConfig, 'url'>, login: string): string | null {
  const host = forgeHost(forge)
  const found = Object.entries(people).find(([, { forges }]) => forges[host] === login.toLowerCase())
  return found?.[0] ?? null
}

/** How somebody of a forge is called in the ledger. */
export function nameOf(people: People, forge: Pick<ForgeConfig, 'url'>, login: string): string {
  return personOf(people, forge, login) ?? `forge:${login}`
}
