import type { PersonConfig } from '../../config/config.ts'
import type { ForgeConfig } from '../../config/repo/repo.ts'
import type { ForgeEvent } from './event.ts'
import { isOwn } from './look.ts'
import type { Move } from './remote-refs.ts'
import type { Requests } from './requests.ts'
import { nameOf, personOf } from './who.ts'

/** Who moves refs, as far as webhooks said. */
export type Movers = Readonly<{
  heard: (repo: string, event: ForgeEvent, at: number) => Promise<void>
  /** Who moved this ref to this commit, as the ledger calls them; null where no webhook said it. */
  moverOf: (repo: string, move: Move) => string | null
  /** Whether a ref is of somebody of the team. Whoever moves refs of the repository itself is, by the forge's own rules. */
  isOfTeam: (repo: string, ref: string) => boolean
}>

type MoversWorld = Readonly<{
  requests: Requests
  forgeOf: (repo: string) => ForgeConfig | null
  people: () => Readonly<Record<string, Pick<PersonConfig, 'forges'>>>
}>

/** Webhooks may come before the refs that they speak of are looked at, or speak of what never was. */
const mostHints = 2_000

export function makeMovers({ requests, forgeOf, people }: MoversWorld): Movers {
  const hints = new Map<string, string>()
  return {
    heard: async (repo, event, at) => {
      if (event.type === 'request') await requests.heard(repo, event.request, at)
      if (event.type !== 'pushed') return
      hints.set(hintKey(repo, event), event.login)
      const [oldest] = hints.keys()
      if (hints.size > mostHints && oldest !== undefined) hints.delete(oldest)
    },
    moverOf: (repo, move) => {
      const forge = forgeOf(repo)
      const author = isOwn(move.ref) ? null : (requests.at(repo, move.ref)?.author ?? null)
      const login = hints.get(hintKey(repo, move)) ?? author
      return forge === null || login === null ? null : nameOf(people(), forge, login)
    },
    isOfTeam: (repo, ref) => {
      const forge = forgeOf(repo)
      if (forge === null || isOwn(ref)) return true
      const author = requests.at(repo, ref)?.author ?? null
      return author !== null && personOf(people(), forge, author) !== null
    },
  }
}

const hintKey = (repo: string, { ref, to }: Pick<Move, 'ref' | 'to'>): string => `${repo} ${ref} ${to}`
