/** What people write about repositories and what is done with each push. Editors show these comments. */
import type { Duration, Size } from '../wish.ts'

/** A repository that the hub holds, or that a forge holds for it. */
export type RepoWish = Readonly<{
  /** Branches that only grow: no force, no delete. `release/*` is every branch below. Default `['main']`. */
  protect?: readonly string[]
  /** The largest push that is taken. Default `256M`. */
  largest?: Size
  /** Where every push goes on to: `git@github.com:team/shop.git`. */
  mirrors?: readonly string[]
  /** The forge that holds it. Left out: this hub does. */
  forge?: ForgeWish
  /** What is run on each push, by name, beside the executables in the folder `ci` of the repository. */
  jobs?: Readonly<Record<string, string | JobWish>>
}>

export type ForgeWish = Readonly<{
  kind: 'github' | 'gitlab' | 'gitea' | 'forgejo'
  /** What a browser opens: `https://github.com/team/shop`. */
  url: string
  /** What git clones, where it is not the URL itself. */
  clone?: string
  /** The name of the secret that webhooks are signed with: `tandem secret set NAME`. */
  secret: string
  /** The name of the secret that opens the forge's API, to set statuses. Left out: none are set. */
  token?: string
  /** GitLab before 19 sends the secret itself, which is weaker. Default `signature`. */
  webhook?: 'signature' | 'token'
}>

export type JobWish = Readonly<{
  /** The command, in the checkout. */
  run: string
  /** The jobs that must pass before it. `build` brings what it made. */
  needs?: readonly string[]
  /** The job is stopped after this long. Default `15m`. */
  limit?: Duration
  /** The job is stopped when it uses more memory. Default: three quarters of what the machine has. */
  memory?: Size
  /** Runs once for each combination; the values are in the environment by name. */
  matrix?: Readonly<Record<string, readonly (string | number)[]>>
  /** Started fresh beside the job and thrown away after it. Their addresses are in the environment. */
  services?: readonly ('postgres' | 'redis')[]
  /** Folders kept from run to run while these files stay the same: `{ node_modules: ['package-lock.json'] }`. */
  cache?: Readonly<Record<string, string | readonly string[]>>
  /** Reports of tests that it writes: `reports/*.xml`. */
  reports?: readonly string[]
  /** Whether it may reach the network. Default `false`. */
  network?: boolean
  /** Whether it is run once more when it fails. Default `once`; it is then marked as flaky. */
  retry?: 'once' | 'never'
  /** The host or role whose hosts may run it. Left out: the hub. */
  on?: string
  /** Names of secrets in its environment. Only on protected branches. */
  secrets?: readonly string[]
  env?: Readonly<Record<string, string>>
  /** For `build`: the folder that becomes the release. Default `.`. */
  output?: string
}>

/** What the hub gives to jobs. */
export type CiWish = Readonly<{
  /** How many jobs run at a time on the hub. Default: one for each core. */
  parallel?: number
  /** How long logs and reports are kept. Default `30d`. */
  keep?: Duration
  /** Hosts and roles that may run jobs, for those that say `on`. Default: none. */
  builders?: readonly string[]
  /** How large all caches of jobs may be together; those that were not used for longest go first. Default `10G`. */
  caches?: Size
  /** How large the logs of runs may be together; the oldest go first. Default `10G`. */
  logs?: Size
  /** How long releases that nobody needs are kept since they were used last. Default `90d`. */
  keepReleases?: Duration
  /** How large all releases may be together; those that nobody needs go first. Default `20G`. */
  releases?: Size
}>
