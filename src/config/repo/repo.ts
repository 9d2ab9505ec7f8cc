/** A repository after `tandem.ts` was read. */
export type RepoConfig = Readonly<{
  /** Names and patterns of branches that only grow. */
  protect: readonly string[]
  largestBytes: number
  mirrors: readonly string[]
  /** `null`: the hub holds it. */
  forge: ForgeConfig | null
  jobs: Readonly<Record<string, JobConfig>>
}>

export const forgeKinds = ['github', 'gitlab', 'gitea', 'forgejo'] as const

export type ForgeConfig = Readonly<{
  kind: (typeof forgeKinds)[number]
  /** Without a slash at its end. */
  url: string
  clone: string
  /** Names of secrets of `infra`. */
  secret: string
  token: string | null
  webhook: 'signature' | 'token'
}>

export const services = ['postgres', 'redis'] as const
export type Service = (typeof services)[number]

export type JobConfig = Readonly<{
  run: string
  needs: readonly string[]
  limitMs: number
  /** `null`: three quarters of what the machine has. */
  memoryBytes: number | null
  matrix: Readonly<Record<string, readonly string[]>>
  services: readonly Service[]
  /** Folder to the files that name its content. */
  cache: Readonly<Record<string, readonly string[]>>
  reports: readonly string[]
  network: boolean
  retry: 'once' | 'never'
  /** A host or a role; `null` = the hub. */
  on: string | null
  secrets: readonly string[]
  env: Readonly<Record<string, string>>
  output: string
}>

export type CiConfig = Readonly<{
  /** `null`: one for each core of the hub. */
  parallel: number | null
  keepMs: number
  /** Hosts and roles that may run jobs: no commit chooses another host. */
  builders: readonly string[]
  /** How large all caches of jobs may be together. */
  cachesBytes: number
  /** How large the logs of runs may be together: the oldest go first. */
  logsBytes: number
  /** Releases that nobody needs are kept so long since they were used last … */
  keepReleasesMs: number
  /** … and while all releases together are not larger than this. */
  releasesBytes: number
}>

/** When nothing goes out by itself: from one minute of the week to another, or from one day to another (included). */
export type FreezeConfig = Readonly<
  | { type: 'weekly'; fromMinute: number; toMinute: number; written: string }
  | { type: 'dates'; from: string; to: string; written: string }
>

/** Whether this branch only grows. A pattern ends in `*`. */
export function isProtected(repo: Pick<RepoConfig, 'protect'>, branch: string): boolean {
  return repo.protect.some((written) =>
    written.endsWith('*') ? branch.startsWith(written.slice(0, -1)) : branch === written,
  )
}
