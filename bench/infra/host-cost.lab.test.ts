import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLab } from '../../lab/lab.ts'
import { labNeeds } from '../../lab/needs.ts'
import { forksDuring } from './host-cost.ts'

const needs = labNeeds()
const reason = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

test('the count of forks is exact, whoever else forks on this machine', { skip: reason }, async () => {
  await using lab = await openLab({ hosts: 2, init: 'sshd' })
  const [host, other] = [lab.host('h1'), lab.host('h2')]
  const four = ['sh', '-c', '/bin/true; /bin/true & wait; /bin/true; exit 0']
  const none = await forksDuring(host, 3, () => other.exec(four))
  // nsenter forks once into the host, and its shell three times.
  assert.deepEqual([none, await forksDuring(host, 3, () => host.exec(four))], [0, 4])
})
