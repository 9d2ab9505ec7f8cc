import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarOf, durationMs, sizeBytes, stageOf } from './units.ts'

test('a duration is a number and a unit, and nothing else', () => {
  const table = { '250ms': 250, '0s': 0, '30s': 30_000, '1.5h': 5_400_000, '10m': 600_000, '2d': 172_800_000 }
  for (const [written, ms] of Object.entries(table)) assert.equal(durationMs(written), ms, written)
  for (const wrong of ['', '30', 's', '30 s', '-1s', '1e3s', '30S', '1w', '30s ', '.5s']) {
    assert.equal(durationMs(wrong), null, wrong)
  }
})

test('a size is a number and K, M or G, in powers of 1,024', () => {
  assert.equal(sizeBytes('512M'), 512 * 1024 ** 2)
  assert.equal(sizeBytes('0.5G'), 1024 ** 3 / 2)
  for (const wrong of ['512', '512MB', '512m', 'M', '1T']) assert.equal(sizeBytes(wrong), null, wrong)
})

test('a stage is a word, a number of hosts or a percentage', () => {
  assert.deepEqual(stageOf('canary'), { name: 'canary', share: { type: 'hosts', hosts: 1 } })
  assert.deepEqual(stageOf('2'), { name: '2', share: { type: 'hosts', hosts: 2 } })
  assert.deepEqual(stageOf('25%'), { name: '25%', share: { type: 'percent', percent: 25 } })
  assert.deepEqual(stageOf('rest'), { name: 'rest', share: { type: 'percent', percent: 100 } })
  for (const wrong of ['', '0', '0%', '101%', '2.5', 'all', '-1', '1 %'])
    assert.equal(stageOf(wrong), null, wrong)
})

test('a schedule becomes a calendar expression of systemd', () => {
  const table = {
    daily: 'daily',
    '03:30': '*-*-* 03:30:00',
    'Mon 23:59': 'Mon *-*-* 23:59:00',
    'Mon..Fri 00:00': 'Mon..Fri *-*-* 00:00:00',
    'Mon,Thu,Sat..Sun 12:15': 'Mon,Thu,Sat..Sun *-*-* 12:15:00',
  }
  for (const [written, meant] of Object.entries(table)) assert.equal(calendarOf(written), meant, written)
  for (const wrong of [
    '',
    'yearly',
    '24:00',
    '3:30',
    '03:60',
    'mon 03:30',
    'Mon',
    '*-*-* 03:30:00',
    '0 3 * * *',
  ]) {
    assert.equal(calendarOf(wrong), null, wrong)
  }
})
