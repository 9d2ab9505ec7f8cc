import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { addressOf, type HostConfig, reachOf, type Share } from './config.ts'

test('a share reaches so many hosts, rounded up, and never more than there are', () => {
  const percent = (value: number): Share => ({ type: 'percent', percent: value })
  const table: readonly (readonly [Share, number, number])[] = [
    [{ type: 'hosts', hosts: 1 }, 8, 1],
    [{ type: 'hosts', hosts: 9 }, 8, 8],
    [percent(25), 8, 2],
    [percent(25), 3, 1],
    [percent(1), 8, 1],
    [percent(100), 7, 7],
    [percent(50), 0, 0],
    [{ type: 'hosts', hosts: 1 }, 0, 0],
  ]
  for (const [share, total, hosts] of table) assert.equal(reachOf(share, total), hosts, JSON.stringify(share))
})

test('a local host keeps its files in the project', () => {
  const host: HostConfig = { roles: [], groups: [], vars: {}, via: { kind: 'local' } }
  const root = '/srv/infra/.tandem/hosts/local'
  assert.deepEqual(addressOf('local', host, '/srv/infra'), { name: 'local', via: { kind: 'local', root } })
})

test('the key file of a host is found from the home folder or from the project', () => {
  const files = {
    '~/.ssh/id': join(homedir(), '.ssh/id'),
    'keys/id': '/srv/infra/keys/id',
    '/etc/id': '/etc/id',
  }
  for (const [written, absolute] of Object.entries(files)) {
    const via = {
      kind: 'ssh',
      user: 'deploy',
      address: 'h1',
      port: 22,
      hostKey: null,
      identityFile: written,
      sudo: 'free',
    } as const
    const address = addressOf('h1', { roles: [], groups: [], vars: {}, via }, '/srv/infra')
    assert.deepEqual(address, { name: 'h1', via: { ...via, identityFile: absolute } })
  }
})
