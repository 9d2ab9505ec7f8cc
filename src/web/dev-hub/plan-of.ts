import { wholeHash } from './code/hashes.ts'
import type { Plan, Step } from '../../change/plan.ts'

export type PlayApp = Readonly<{
  app: string
  environment: string
  hosts: readonly string[]
  url: string | null
}>

export const apps: readonly PlayApp[] = [
  { app: 'shop', environment: 'production', hosts: ['web1', 'web2', 'web3'], url: 'https://shop.example' },
  { app: 'shop', environment: 'staging', hosts: ['stage1'], url: 'https://staging.shop.example' },
  { app: 'search', environment: 'production', hosts: ['idx1', 'idx2'], url: null },
]

/** Long enough to be seen, short enough to wait for. */
const watchMs = 30_000

const step = (action: string, host: string | null, cannotUndo: string | null = null): Step => ({
  id: host === null ? action : `${action} ${host}`,
  action,
  host,
  input: null,
  cannotUndo,
})

/** What a deploy of a commit onto an app would do. */
export function planOf(app: PlayApp, from: string | null, to: string): Plan {
  const [first = 'web1', ...rest] = app.hosts
  const each = (action: string, hosts: readonly string[]) => hosts.map((host) => step(action, host))
  const watch = { forMs: watchMs }
  return {
    title: `deploy ${app.app} ${to} to ${app.environment}`,
    lines: [
      { mark: '~', text: `${app.app} in ${app.environment}: ${from ?? 'nothing'} → ${to}` },
      { mark: '+', text: `release 9c1e07ab from commit ${to}, 212 files, 1.8 MB` },
      ...app.hosts.map((host) => ({
        mark: '~' as const,
        text: `${host}: slot b starts, takes traffic, slot a drains`,
      })),
      { mark: '-', text: 'release 41d2aa90, kept for 10 more deploys, then removed' },
      { mark: ' ', text: 'nginx, postgres and the queue stay as they are' },
    ],
    warnings: to.startsWith('e') ? ['the migration 0041 locks the table orders for about 2 s'] : [],
    stages: [
      {
        name: 'prepare',
        steps: [step('build', null), ...each('send', app.hosts), ...each('unpack', app.hosts)],
        atOnce: 8,
        watch: null,
      },
      { name: 'canary', steps: [step('start', first), step('switch', first)], atOnce: 1, watch },
      ...(rest.length === 0
        ? []
        : [
            {
              name: 'rest',
              steps: rest.flatMap((host) => [step('start', host), step('switch', host)]),
              atOnce: 2,
              watch,
            },
          ]),
    ],
    settle: each('retire', app.hosts),
    fenced: [],
    outcome: { app: app.app, commit: wholeHash(to) },
  }
}

export const targetOf = (app: Pick<PlayApp, 'app' | 'environment'>): string => `${app.app}@${app.environment}`
