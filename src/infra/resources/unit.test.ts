import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints, lowered, readable, textAt, tryWorld } from './try-sort.ts'
import { unit } from './unit.ts'
import { unitCheck } from './unit-text.ts'

test('a unit is its file, checked before it is put in place, and its state', async () => {
  const sections = {
    Unit: { Description: 'backup' },
    Service: {
      Type: 'oneshot',
      ExecStart: '/usr/bin/backup',
      Environment: ['A=1', 'B=2'],
      PrivateTmp: true,
      Nice: 5,
    },
  }
  const things = await lowered(unit, 'backup.service', { sections, enabled: false, running: true })
  const text = `[Unit]
Description=backup

[Service]
Type=oneshot
ExecStart=/usr/bin/backup
Environment=A=1
Environment=B=2
PrivateTmp=yes
Nice=5
`
  assert.deepEqual(things.map(readable), [
    {
      type: 'path',
      key: 'path /etc/systemd/system/backup.service',
      path: '/etc/systemd/system/backup.service',
      want: { type: 'file', mode: 0o644, owner: 'root', group: 'root', text, secrets: [] },
      check: unitCheck('backup.service'),
      owes: [{ type: 'units' }, { type: 'restart', unit: 'backup.service' }],
      lockout: null,
    },
    {
      type: 'unit',
      key: 'unit backup.service',
      unit: 'backup.service',
      enabled: false,
      running: true,
      masked: null,
      owes: [],
      lockout: null,
    },
  ])
})

test('only what may be started again owes a restart', async () => {
  const owed = async (name: string, more = {}) =>
    (await lowered(unit, name, { content: '[Unit]\n', ...more }))[0]?.owes.map(({ type }) => type)
  assert.deepEqual(await owed('a.timer'), ['units', 'restart'])
  assert.deepEqual(await owed('a.service', { running: false }), ['units'])
  assert.deepEqual(await owed('a@.service'), ['units'])
  assert.deepEqual(await owed('a@1.service'), ['units', 'restart'])
  assert.deepEqual(await owed('srv-x.mount'), ['units'])
})

test('a unit that shall be gone is stopped before its file goes', async () => {
  const things = await lowered(unit, 'old.timer', { absent: true })
  assert.deepEqual(
    things.map(({ key, owes }) => [key, owes]),
    [
      ['unit old.timer', []],
      ['path /etc/systemd/system/old.timer', [{ type: 'units' }]],
    ],
  )
})

test('a secret in a unit closes its file to others', async () => {
  const world = tryWorld({}, { TOKEN: 'hush' })
  const things = await lowered(
    unit,
    'a.service',
    { sections: { Service: { Environment: 'T={TOKEN}' } } },
    world,
  )
  assert.equal(textAt(things, '/etc/systemd/system/a.service'), '[Service]\nEnvironment=T=hush\n')
  const [file] = things
  assert.ok(file?.type === 'path' && file.want.type === 'file' && file.want.mode === 0o600)
})

test('a value of several lines goes on as systemd has it', async () => {
  const things = await lowered(unit, 'a.service', {
    sections: { Service: { ExecStart: '/bin/sh -c x\n  y\n' } },
  })
  assert.equal(textAt(things, '/etc/systemd/system/a.service'), '[Service]\nExecStart=/bin/sh -c x \\\n  y\n')
})

test('a unit without one text, or with a name that systemd does not take, is refused', () => {
  assert.deepEqual(complaints(unit, 'backup', { content: 'x' }), [
    "unit.name is 'backup' but must be the name of a unit with its suffix, such as 'backup.service'; write one like that",
  ])
  assert.deepEqual(complaints(unit, 'a.service', {}), [
    "unit has no 'sections'; add sections: { Service: { ExecStart: '/usr/bin/backup' } }",
  ])
  assert.deepEqual(complaints(unit, 'a.service', { content: 'x', absent: true }), [
    "unit.content is 'x' but must be left out beside absent: true; keep one of the two",
  ])
  assert.deepEqual(complaints(unit, 'a.service', { sections: { service: {} } }), [
    "'service' cannot be a name in unit.sections; use letters and digits, the first of them a capital",
  ])
})
