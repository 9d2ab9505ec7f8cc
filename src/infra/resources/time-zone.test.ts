import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeZone } from './time-zone.ts'
import { complaints, lowered, textAt } from './try-sort.ts'

test('a time zone is a link and the file that Debian keeps beside it', async () => {
  const things = await lowered(timeZone, 'Europe/Paris')
  const [zones, link] = things
  assert.ok(zones?.type === 'package' && zones.name === 'tzdata')
  assert.ok(link?.type === 'path' && link.path === '/etc/localtime')
  assert.deepEqual(link.want, { type: 'link', to: '/usr/share/zoneinfo/Europe/Paris' })
  assert.equal(textAt(things, '/etc/timezone'), 'Europe/Paris\n')
})

test('zones are known by their names of today and of before', () => {
  for (const zone of ['UTC', 'Etc/UTC', 'America/Argentina/Buenos_Aires', 'US/Eastern', 'Europe/Kyiv'])
    assert.deepEqual(complaints(timeZone, zone), [], zone)
})

test('a zone that is no file is refused, with the one that was meant', () => {
  const wanted = "but must be a time zone, such as 'Europe/Paris'"
  assert.deepEqual(complaints(timeZone, 'europe/paris'), [
    `timeZone.name is 'europe/paris' ${wanted}; did you mean 'Europe/Paris'?`,
  ])
  assert.deepEqual(complaints(timeZone, '../etc/passwd'), [
    `timeZone.name is '../etc/passwd' ${wanted}; look into /usr/share/zoneinfo for the names`,
  ])
})
