import assert from 'node:assert/strict'
import { test } from 'node:test'
import { service } from './service.ts'
import { complaints, lowered, resourceOf } from './try-sort.ts'

test('a service is one unit, whose name ends in .service when it says nothing else', async () => {
  const table = [
    ['nginx', {}, 'nginx.service', null, null, null],
    ['nginx', { running: true, enabled: true }, 'nginx.service', true, true, null],
    ['getty@tty1', { running: false }, 'getty@tty1.service', null, false, null],
    ['fstrim.timer', { enabled: false }, 'fstrim.timer', false, null, null],
    ['systemd-oomd.socket', { masked: true }, 'systemd-oomd.socket', null, false, true],
    ['php8.2-fpm', { masked: false, running: true }, 'php8.2-fpm.service', null, true, false],
  ] as const
  for (const [name, options, unit, enabled, running, masked] of table) {
    const thing = {
      type: 'unit',
      key: `unit ${unit}`,
      unit,
      enabled,
      running,
      masked,
      owes: [],
      lockout: null,
    }
    assert.deepEqual(await lowered(service, name, options), [thing])
  }
})

test('what a service is to be restarted or reloaded for owes that', () => {
  const resource = resourceOf(service, 'nginx', {
    restartOn: { resource: 4 },
    reloadOn: [{ resource: 5 }, { resource: 6 }],
  })
  assert.deepEqual(service.owedBy?.(resource), [
    { by: 4, debt: { type: 'restart', unit: 'nginx.service' } },
    { by: 5, debt: { type: 'reload', unit: 'nginx.service' } },
    { by: 6, debt: { type: 'reload', unit: 'nginx.service' } },
  ])
})

test('a service that contradicts itself is refused', () => {
  assert.deepEqual(complaints(service, 'nginx', { masked: true, running: true }), [
    'service.running is true but must be false or left out, as masked is true; leave out masked, or this',
  ])
  assert.deepEqual(complaints(service, 'two words', { runing: true }), [
    "service.name is 'two words' but must be the name of a unit, such as 'nginx' or 'fstrim.timer'; write one like that",
    "unknown key 'runing' in service; did you mean 'running'?",
  ])
  assert.deepEqual(complaints(service, 'nginx', { running: 'yes', restartOn: 'nginx' }), [
    "service.running is 'yes' but must be true or false, such as true; write one like that",
    "service.restartOn is 'nginx' but must be a resource or a list of them, such as apt('nginx'); write one like that",
  ])
})
