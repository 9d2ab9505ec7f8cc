import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labNeeds } from './needs.ts'

test('needs are whole sentences that say what to do, or none', () => {
  for (const need of labNeeds()) assert.match(need, /apt-get install|not Debian|not root|may not mount/)
})

test('a program that is not there is named with its package', (t) => {
  if (labNeeds().length > 0) return t.skip(`no lab on this machine: ${labNeeds().join('; ')}`)
  const needs = labNeeds(() => false)
  assert.ok(needs.includes('systemd-nspawn is missing (apt-get install systemd-container)'), needs.join())
})
