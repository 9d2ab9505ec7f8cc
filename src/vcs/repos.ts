import { mkdir, realpath } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { TroubleError } from '../change/trouble.ts'
import type { TeamConfig } from '../config/config.ts'
import type { RepoConfig } from '../config/repo/repo.ts'
import type { Store } from '../store/store.ts'
import { type HttpDoor, openHttpDoor } from './doors/http-door.ts'
import { checkPush } from './gate/gate.ts'
import { openHookDoor } from './hooks/hook-door.ts'
import { writeHooks } from './hooks/write-hooks.ts'
import { makeMirrors } from './mirrors.ts'
import { type Push, type Pushed, type Relay, silentRelay } from './push.ts'
import { prepareRepo } from './repository.ts'
import { makeTurns } from './turns.ts'
import { sshDoor } from './ssh/ssh-door.ts'
import { makeUpkeep } from './upkeep/upkeep.ts'
import { makeWatch, type Watch } from './watch/watch.ts'

export type ReposWorld = Readonly<{
  stateDir: string
  store: Pick<Store, 'records' | 'ledger'>
  may: (person: string) => 'everything' | 'look' | null
  /** The values of the team's secrets, which no push may bring. */
  secrets: () => Promise<readonly string[]>
  pushed: (pushed: Pushed, relay: Relay) => Promise<void>
  /** The commits that must stay in a repository though no branch has them any more. */
  needed: (repo: string) => Promise<ReadonlySet<string>>
  now: () => number
  sleep: (ms: number) => Promise<void>
  broke: (thrown: unknown) => void
}>

/** The repositories that lie at the hub. */
export type Repos = Readonly<{
  /** Makes those that `tandem.ts` names and that are not there yet, and has them ruled by what it says now. */
  heed: (repos: TeamConfig['repos'], who: string) => Promise<void>
  /** Lets people come by SSH with the keys that they have now. */
  admit: (said: Pick<TeamConfig, 'people' | 'repos'>) => Promise<void>
  /** What `tandem.ts` said last. */
  known: (repo: string) => RepoConfig | null
  git: HttpDoor
  /** Listens to hooks, and takes up what they told while nobody did. */
  start: () => Promise<void>
  /** Compares all refs with what was last seen. */
  look: () => Promise<void>
  /** Folds what pushes have scattered, and takes away what killed ones have left, and what nobody needs any more. */
  tidy: () => Promise<void>
  /** Begins to push to mirrors that are behind. */
  mirror: () => Promise<void>
  close: () => Promise<void>
}>

export async function openRepos(world: ReposWorld): Promise<Repos> {
  await mkdir(world.stateDir, { recursive: true })
  // Hooks say where they are by its real path.
  const stateDir = await realpath(world.stateDir)
  const heeded = new Map<string, RepoConfig>()
  const known = (repo: string): RepoConfig | null => heeded.get(repo) ?? null
  const mirrors = makeMirrors({ ...world, stateDir })
  const pushed: ReposWorld['pushed'] = (one, relay) => {
    mirrors.moved(one.repo)
    return world.pushed(one, relay)
  }
  const watch = makeWatch({ ...world, pushed, stateDir, records: world.store.records })
  const http = openHttpDoor({ stateDir, known })
  const upkeep = makeUpkeep({ ...world, stateDir })
  const ssh = sshDoor(stateDir)
  const telling = new Set<Promise<void>>()
  const heed: Repos['heed'] = async (repos, who) => {
    for (const [repo, config] of Object.entries(repos)) {
      if (isDeepStrictEqual(heeded.get(repo), config)) continue
      await prepare(world, { stateDir, repo, config, who })
      heeded.set(repo, config)
    }
    for (const repo of heeded.keys()) if (!Object.hasOwn(repos, repo)) heeded.delete(repo)
  }
  const inTurn = makeTurns()
  let closeHooks: (() => Promise<void>) | null = null
  return {
    // Whoever adds a repository and whoever looks at tandem.ts now and then would make the same one at once.
    heed: (repos, who) => inTurn('heed', () => heed(repos, who)),
    admit: ssh.admit,
    known,
    git: http.git,
    start: async () => {
      await writeHooks(stateDir)
      await ssh.open()
      const gate = { stateDir, known, may: world.may, secrets: world.secrets }
      const door = await openHookDoor(stateDir, {
        check: async (push, say) => {
          await upkeep.makeWay(push.repo)
          return checkPush(gate, push, say)
        },
        told: (push, relay) => {
          if (push.exchange !== null) http.taken(push.exchange)
          const told = tell(watch, push, letGoIfAsked(push, relay), world.broke)
          telling.add(told)
          void told.finally(() => telling.delete(told))
        },
        broke: world.broke,
      })
      closeHooks = door.close
      await watch.takeUp((repo) => heeded.has(repo))
    },
    look: () => lookAtAll(watch, heeded, world.broke),
    tidy: () => upkeep.tidy(heeded),
    mirror: async () => mirrors.tick(heeded),
    close: async () => {
      await Promise.all([closeHooks?.(), mirrors.close(), upkeep.close()])
      await Promise.all(telling)
    },
  }
}

type Prepared = Readonly<{ stateDir: string; repo: string; config: RepoConfig; who: string }>

async function prepare(world: ReposWorld, { stateDir, repo, config, who }: Prepared): Promise<void> {
  const isNew = await prepareRepo(stateDir, repo, config)
  if (isNew) await world.store.ledger.record(repo, { type: 'repo-made', who }, world.now())
}

/** `git push -o detach`: who pushes does not want to wait for what becomes of it. */
function letGoIfAsked(push: Push, relay: Relay): Relay {
  if (!push.options.includes('detach')) return relay
  relay.end()
  return silentRelay()
}

/** A push that cannot be written down now is told again by its spool file, or found in the refs. */
async function tell(watch: Watch, push: Push, relay: Relay, broke: (thrown: unknown) => void): Promise<void> {
  try {
    await watch.told(push, relay)
  } catch (thrown) {
    const why = thrown instanceof TroubleError ? thrown.trouble.what : 'see its own output'
    relay.say(`the push is here, but the hub could not go on with it: ${why}; it tries again by itself`)
    relay.end()
    broke(thrown)
  }
}

async function lookAtAll(
  watch: Watch,
  repos: ReadonlyMap<string, RepoConfig>,
  broke: (thrown: unknown) => void,
): Promise<void> {
  await watch.takeUp((repo) => repos.has(repo))
  for (const [repo, { forge }] of repos) if (forge === null) await watch.look(repo).catch(broke)
}
