import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostConfig, TeamConfig } from './config.ts'
import { findApp, findHost } from './find.ts'
import { noTeam } from './try-team.ts'

const local: HostConfig = { roles: [], groups: [], vars: {}, via: { kind: 'local' } }
const config: TeamConfig = { ...noTeam, hosts: { web1: local, web2: local } }

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
