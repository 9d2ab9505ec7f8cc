import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aHost } from '../dev-hub/sample.ts'
import { hostsThat, rolesAndGroups, withDrift } from './hosts.ts'

const hosts = [
  aHost({ host: 'web1', groups: ['paris'] }),
  aHost({ host: 'web2', groups: ['oslo'], drift: { found: 1, at: 10, away: null } }),
  aHost({ host: 'db1', roles: ['postgres'], groups: ['paris'], address: 'root@10.9.9.9' }),
]
const names = (among: string | null, text: string) =>
  hostsThat(hosts, ['web'], { among, text }).map(({ host }) => host)

test('hosts are found by role, by group, and by the words of their row', () => {
  assert.deepEqual(names(null, ''), ['web1', 'web2', 'db1'])
  assert.deepEqual(names('paris', ''), ['web1', 'db1'])
  assert.deepEqual(names('postgres', ''), ['db1'])
  assert.deepEqual(names('paris', 'WEB'), ['web1'])
  assert.deepEqual(names(null, 'oslo differs'), ['web2'])
  assert.deepEqual(names(null, '10.9.9'), ['db1'])
  assert.deepEqual(names('par', ''), [])
})

test('roles and groups are offered once each', () => {
  assert.deepEqual(rolesAndGroups(hosts), { roles: ['postgres', 'web'], groups: ['oslo', 'paris'] })
})

test('a look brings the row of its host up to date, and an older one does not turn it back', () => {
  const finding = { resource: 'file /x', at: 't:1:1', cause: 'host moved', lines: [], evidence: [] } as const
  const look = (at: number) => ({
    host: 'web2',
    at,
    away: null,
    resources: 3,
    findings: [finding, finding],
    unmanaged: [],
  })
  assert.deepEqual(withDrift(hosts, [look(11)])[1]?.drift, { found: 2, at: 11, away: null })
  assert.deepEqual(withDrift(hosts, [look(9)])[1]?.drift, { found: 1, at: 10, away: null })
  assert.equal(withDrift(hosts, [look(11)])[0], hosts[0])
})
