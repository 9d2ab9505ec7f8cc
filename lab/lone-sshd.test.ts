import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openLab } from './lab.ts'
import { labNeeds } from './needs.ts'
import { run } from './run.ts'

const needs = labNeeds()
const reason = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

describe('hosts that are a lone sshd', { skip: reason }, () => {
  test('have files, processes, a name and a network of their own, and come back from a power loss', async () => {
    await using lab = await openLab({ hosts: 2, init: 'sshd' })
    const ssh = (name: string, command: string) => run(['ssh', '-F', lab.sshConfigFile, name, command])
    const [h1, h2] = [lab.host('h1'), lab.host('h2')]
    assert.equal((await ssh('h1', 'hostname; cat /proc/1/comm; echo 1 >/root/mark')).stdout, 'h1\nsshd\n')
    assert.equal((await h1.exec(['cat', '/root/mark', '/proc/1/comm'])).stdout, '1\nsshd\n')
    assert.ok(existsSync(join(h1.root, 'root/mark')))
    assert.ok(!existsSync('/root/mark') && !existsSync(join(h2.root, 'root/mark')))
    assert.match((await h2.exec(['ip', '-4', '-o', 'addr', 'show', 'eth0'])).stdout, new RegExp(h2.address))
    await h1.kill()
    assert.equal((await ssh('h2', 'true')).code, 0)
    await h1.boot()
    assert.equal((await ssh('h1', 'cat /root/mark')).stdout, '1\n')
  })
})
