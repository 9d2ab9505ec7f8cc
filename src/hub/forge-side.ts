import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ForgeSide } from '../api/hub-side.ts'
import type { TeamConfig } from '../config/config.ts'
import type { Store } from '../store/store.ts'
import { type Forges, openForges } from '../vcs/forges/forges.ts'
import { viewOf } from '../vcs/forges/view.ts'
import { git } from '../vcs/git.ts'
import { readSecretsOf } from './read-secrets.ts'

type Parts = Readonly<{
  options: Parameters<typeof readSecretsOf>[0] & Readonly<{ stateDir: string; tell?: (line: string) => void }>
  store: Store
  config: () => Promise<TeamConfig>
  broke: (thrown: unknown) => void
}>

/** The forges, and what the API asks of them. */
export async function openForgeSide({
  options,
  store,
  config,
  broke,
}: Parts): Promise<Forges & Readonly<{ side: ForgeSide }>> {
  const forges = await openForges({
    config,
    records: store.records,
    secrets: () => readSecretsOf(options, 'infra'),
    prepare: (repo) => prepare(join(options.stateDir, 'repos', `${repo}.git`)),
    pushed: ({ repo, ...push }) => store.ledger.record(repo, { type: 'pushed', ...push }, Date.now()),
    now: Date.now,
    tell: options.tell ?? broke,
    broke,
  })
  const side = { take: forges.take, view: async (repo: string) => viewOf(repo, await config(), forges) }
  return { ...forges, side }
}

async function prepare(dir: string): Promise<string> {
  const isThere = await stat(join(dir, 'HEAD')).then(
    () => true,
    () => false,
  )
  if (isThere) return dir
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const made = await git(dir, ['init', '--quiet', '--bare', '--template=', '--initial-branch=main'])
  if (made.code !== 0) throw new Error(`cannot make ${dir}: ${made.err}`)
  return dir
}
