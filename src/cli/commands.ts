import type { Command } from './command.ts'

/** The commands in the order of the help; each is loaded only when it is asked for, so that all start fast. */
export type Listed = Readonly<{
  name: string
  about: string
  load: () => Promise<Readonly<{ command: Command }>>
}>

export const commands: readonly Listed[] = [
  { name: 'init', about: 'write a tandem.ts that fits this project', load: () => import('./init/begin.ts') },
  { name: 'deploy', about: 'make a commit of an app live', load: () => import('./deploy/deploy.ts') },
  { name: 'apply', about: 'make hosts as their recipes say', load: () => import('./infra/apply.ts') },
  {
    name: 'plan',
    about: 'show what an apply, deploy or revert would do',
    load: () => import('./change/plan.ts'),
  },
  { name: 'drift', about: 'show what differs from the recipes', load: () => import('./infra/drift.ts') },
  {
    name: 'flag',
    about: 'who gets what: make, set, roll out and kill flags',
    load: () => import('./flag/flag.ts'),
  },
  { name: 'ci', about: 'run the jobs of this checkout here', load: () => import('./ci/ci.ts') },
  { name: 'revert', about: 'take a finished change back', load: () => import('./change/revert.ts') },
  { name: 'stop', about: 'stop an open change and undo it', load: () => import('./change/stop.ts') },
  {
    name: 'overrule',
    about: 'let a change go on whatever its watch says',
    load: () => import('./change/overrule.ts'),
  },
  {
    name: 'graph',
    about: 'draw numbers, with the changes under them',
    load: () => import('./graph/graph.ts'),
  },
  { name: 'status', about: 'what is live where, and who waits', load: () => import('./change/status.ts') },
  {
    name: 'runs',
    about: 'the jobs that the hub has run, and their logs',
    load: () => import('./ci/runs.ts'),
  },
  { name: 'train', about: 'what is on its way out by itself', load: () => import('./deploy/train.ts') },
  {
    name: 'releases',
    about: 'what the hub keeps of what was built, and why',
    load: () => import('./deploy/releases.ts'),
  },
  { name: 'hold', about: 'let nothing go out by itself', load: () => import('./deploy/hold.ts') },
  { name: 'release', about: 'end a hold', load: () => import('./deploy/release.ts') },
  {
    name: 'metrics',
    about: 'who says numbers: targets, and keys of senders',
    load: () => import('./metrics/metrics.ts'),
  },
  {
    name: 'doctor',
    about: 'how it stands with the engine of metrics beyond this machine',
    load: () => import('./metrics/doctor.ts'),
  },
  { name: 'log', about: 'list changes, newest first; -f follows', load: () => import('./change/log.ts') },
  { name: 'show', about: 'everything about one change', load: () => import('./change/show.ts') },
  { name: 'verify', about: 'check that nobody altered the ledger', load: () => import('./change/verify.ts') },
  { name: 'hub', about: 'run the hub and its dashboard', load: () => import('./hub/hub.ts') },
  { name: 'login', about: 'remember a hub and your token', load: () => import('./hub/login.ts') },
  { name: 'logout', about: 'forget a hub and its token', load: () => import('./hub/logout.ts') },
  { name: 'token', about: 'make, list and revoke tokens', load: () => import('./hub/token.ts') },
  { name: 'host', about: 'add hosts, take them in, accept their keys', load: () => import('./host/host.ts') },
  { name: 'repo', about: 'add repositories, connect them to a forge', load: () => import('./repo/repo.ts') },
  { name: 'facts', about: 'what is known of hosts', load: () => import('./infra/facts.ts') },
  { name: 'run', about: 'run a command on hosts, written down', load: () => import('./infra/run.ts') },
  { name: 'ssh', about: 'open a session at a host', load: () => import('./infra/ssh.ts') },
  {
    name: 'secret',
    about: 'set and list secrets of an environment',
    load: () => import('./secret/secret.ts'),
  },
  { name: 'demo', about: 'deploy the example shop here, and watch it', load: () => import('./demo/demo.ts') },
  { name: 'version', about: 'the version of tandem', load: () => import('./version.ts') },
  { name: 'help', about: 'help on a command', load: () => import('./help.ts') },
]
