import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostConfig, TeamConfig } from './config.ts'
import { findApp, findHost } from './find.ts'
import { metricsConfig } from './resolve-metrics.ts'

const local: HostConfig = { roles: [], groups: [], vars: {}, via: { kind: 'local' } }
const config: TeamConfig = {
  people: {},
  hosts: { web1: local, web2: local },
  apps: {},
  groups: {},
  roles: [],
  infra: { stages: [], driftMs: null, repo: null, apply: 'by hand', freeze: [], zone: null },
  repos: {},
  ci: {
    parallel: null,
    keepMs: 0,
    builders: [],
    cachesBytes: 0,
    logsBytes: 0,
    keepReleasesMs: 0,
    releasesBytes: 0,
  },
  metrics: metricsConfig({}, new Map()),
  url: null,
}

test('a known name is found', () => {
  assert.equal(findHost(config, 'web1'), local)
})

test('an unknown name brings the one that was probably meant, or all that are known', () => {
  const hint = (name: string, now: string) =>
    assert.throws(() => findHost(config, name), {
      trouble: { what: `there is no host called '${name}'`, where: 'tandem.ts', now },
    })
  hint('wbe2', "did you mean 'web2'?")
  hint('constructor', 'known: web1, web2')
  assert.throws(() => findApp(config, 'shop'), {
    trouble: { what: "there is no app called 'shop'", where: 'tandem.ts', now: 'tandem.ts names no app' },
  })
})
