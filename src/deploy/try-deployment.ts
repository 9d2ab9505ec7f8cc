import type { Deployment, RunSpec } from './deployment.ts'
import type { Facts } from './plan/facts.ts'

/** A deployment for tests, of which a test says only what it is about. */
export function tryDeployment(wanted: Partial<Deployment> = {}): Deployment {
  return {
    app: 'shop',
    environment: 'production',
    release: 'b'.repeat(64),
    files: 'f'.repeat(64),
    run: null,
    commit: 'c'.repeat(40),
    subject: 'sell more',
    spec: trySpec(),
    specHash: '0123456789abcdef',
    hosts: ['h1', 'h2', 'h3'],
    stages: [
      { name: 'canary', share: { type: 'hosts', hosts: 1 } },
      { name: 'rest', share: { type: 'percent', percent: 100 } },
    ],
    watchMs: 10_000,
    ...wanted,
  }
}

export function trySpec(wanted: Partial<RunSpec> = {}): RunSpec {
  return {
    run: { web: { type: 'service', command: 'node server.js', count: 1 } },
    port: 3000,
    front: 'haproxy',
    health: { path: '/health', status: 200, withinMs: 30_000 },
    shared: [],
    links: [],
    env: {},
    secrets: [],
    migrate: null,
    hooks: { before: null, after: null },
    user: 'tandem-shop',
    keep: 5,
    limits: { memoryBytes: null, tasks: null, files: null },
    drainMs: 30_000,
    warmMs: 900_000,
    ...wanted,
  }
}

/** A host that has never seen the app. */
export const bareFacts: Facts = {
  missing: [],
  slots: { a: null, b: null },
  live: null,
  isFlipping: false,
  frontHash: null,
  releases: new Map(),
}
