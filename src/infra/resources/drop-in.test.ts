import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dropIn } from './drop-in.ts'
import { complaints, lowered, readable } from './try-sort.ts'

test('a drop-in is a folder that others may need as well, and a file in it', async () => {
  const things = await lowered(dropIn, 'nginx.service/limits', {
    sections: { Service: { LimitNOFILE: 65_536 } },
  })
  assert.deepEqual(things.map(readable), [
    {
      type: 'path',
      key: 'path /etc/systemd/system/nginx.service.d, dropIn nginx.service/limits',
      path: '/etc/systemd/system/nginx.service.d',
      want: { type: 'directory', mode: 0o755, owner: 'root', group: 'root' },
      check: null,
      owes: [],
      lockout: null,
    },
    {
      type: 'path',
      key: 'path /etc/systemd/system/nginx.service.d/limits.conf',
      path: '/etc/systemd/system/nginx.service.d/limits.conf',
      want: {
        type: 'file',
        mode: 0o644,
        owner: 'root',
        group: 'root',
        text: '[Service]\nLimitNOFILE=65536\n',
        secrets: [],
      },
      check: null,
      owes: [{ type: 'units' }, { type: 'restart', unit: 'nginx.service' }],
      lockout: null,
    },
  ])
})

test('a drop-in may leave the unit running as it is, and may be taken away', async () => {
  const kept = await lowered(dropIn, 'a.service/x', { content: '[Unit]', restart: false })
  assert.deepEqual(kept[1]?.owes, [{ type: 'units' }])
  const mount = await lowered(dropIn, 'a.mount/x', { content: '[Unit]' })
  assert.deepEqual(mount[1]?.owes, [{ type: 'units' }])
  const [gone, ...others] = await lowered(dropIn, 'a.service/x', { absent: true })
  assert.deepEqual(others, [])
  assert.ok(gone?.type === 'path' && gone.want.type === 'absent')
  assert.deepEqual(gone.owes, [{ type: 'units' }, { type: 'restart', unit: 'a.service' }])
})

test('a drop-in names a unit and itself', () => {
  assert.deepEqual(complaints(dropIn, 'nginx.service', { content: '[Unit]' }), [
    "dropIn.name is 'nginx.service' but must be a unit and a name, such as 'nginx.service/limits'; write one like that",
  ])
})
