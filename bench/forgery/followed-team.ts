import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HubProcess } from '../../e2e/lab/hub-process.ts'
import { person } from '../../e2e/lab/project.ts'
import { endProcessesOf } from '../../e2e/lab/stray-processes.ts'
import { Secret } from '../../src/config/secrets/secret.ts'
import { makeIdentity, setSecret } from '../../src/config/secrets/secrets.ts'
import { openSmallForge, type SmallForge } from '../../src/vcs/forges/small-forge.ts'
import type { Sender } from '../../src/vcs/forges/webhook-sender.ts'

/** How a hub is reached, and as whom. */
export type Door = Readonly<{ url: string; token: string }>

/** A repository on a forge, and what it signs with. */
export type Followed = Readonly<{
  repo: string
  kind: Sender['kind']
  webhook: Sender['webhook']
  secret: string
  forge: SmallForge
}>

/** A repository on a forge of this sort. */
export type Sort = Readonly<Pick<Followed, 'repo' | 'kind' | 'webhook'>>

/** Repositories on forges, others that the hub holds itself, and the keys of who pushes to those. */
export type FollowedWish = Readonly<{
  sorts: readonly Sort[]
  hosted: Readonly<Record<string, Readonly<{ mirrors: readonly string[] }>>>
  keys: readonly string[]
}>

/** A team that follows repositories on forges, and its hub in a process of its own. */
export type FollowedTeam = AsyncDisposable &
  Readonly<{ folder: string; stateDir: string; hub: HubProcess; followed: readonly Followed[] }>

/** One of every sort. */
export const everySort: readonly Sort[] = [
  { repo: 'github', kind: 'github', webhook: 'signature' },
  { repo: 'gitea', kind: 'gitea', webhook: 'signature' },
  { repo: 'forgejo', kind: 'forgejo', webhook: 'signature' },
  { repo: 'gitlab', kind: 'gitlab', webhook: 'signature' },
  { repo: 'gitlab-old', kind: 'gitlab', webhook: 'token' },
]

export async function openFollowedTeam(folder: string, wish: FollowedWish): Promise<FollowedTeam> {
  const followed = await Promise.all(
    wish.sorts.map(async (sort, nth) => {
      const forge = await openSmallForge(sort.kind, null)
      forge.commit('refs/heads/main', { 'readme.md': 'hello\n' }, 'Begin')
      return { ...sort, forge, secret: secretOf(sort, nth) }
    }),
  )
  await writeProject(folder, followed, wish)
  const stateDir = join(folder, '.tandem')
  const hub = new HubProcess({ folder, stateDir })
  await hub.start()
  return {
    folder,
    stateDir,
    hub,
    followed,
    [Symbol.asyncDispose]: async () => {
      await hub.stop()
      endProcessesOf(folder)
      for (const { forge } of followed) await forge[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Where its hub answers, and the token of who runs it: both outlive the hub. */
export async function doorOf({ hub, stateDir }: Pick<FollowedTeam, 'hub' | 'stateDir'>): Promise<Door> {
  const tokens: unknown = JSON.parse(await readFile(join(stateDir, 'local-token'), 'utf8'))
  return { url: hub.url, token: (tokens as Record<string, string>)[person] ?? '' }
}

function secretOf({ webhook, kind }: Sort, nth: number): string {
  const isToken = kind === 'gitlab' && webhook === 'signature'
  return isToken ? `whsec_${Buffer.alloc(32, nth).toString('base64')}` : `the secret of forge number ${nth}`
}

async function writeProject(
  folder: string,
  followed: readonly Followed[],
  { hosted, keys }: FollowedWish,
): Promise<void> {
  const repos = followed.map(({ repo, kind, webhook, forge }) => {
    const secret = nameOf(repo)
    return [repo, { forge: { kind, webhook, url: forge.url, clone: `${forge.url}.git`, secret } }] as const
  })
  const team = {
    people: { [person]: { name: 'Ada', may: 'everything', keys } },
    repos: { ...Object.fromEntries(repos), ...hosted },
  }
  await mkdir(join(folder, 'secrets'), { recursive: true })
  await writeFile(
    join(folder, 'tandem.ts'),
    `import { tandem } from 'tandem'\n\nexport default tandem(${JSON.stringify(team, null, 2)})\n`,
  )
  const { identity, recipient } = await makeIdentity()
  await mkdir(join(folder, 'config/tandem'), { recursive: true })
  await writeFile(join(folder, 'config/tandem/identity'), `${identity.reveal()}\n`, { mode: 0o600 })
  await writeFile(join(folder, 'secrets/recipients'), `${recipient}\n`)
  for (const { repo, secret } of followed) {
    await setSecret({ dir: folder, environment: 'infra', identity }, nameOf(repo), new Secret(secret))
  }
}

const nameOf = (repo: string): string => `HOOK_${repo.toUpperCase().replaceAll('-', '_')}`
