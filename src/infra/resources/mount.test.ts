import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Thing } from '../things/thing.ts'
import { mount } from './mount.ts'
import { complaints, lowered } from './try-sort.ts'

test('a mount is a folder, a line of fstab, and mounted', async () => {
  const things = await lowered(mount, '/srv/data', {
    device: 'UUID=1-2',
    type: 'ext4',
    options: ['noatime', 'nofail'],
    pass: 2,
  })
  const [folder, fstab, command] = things
  assert.equal(things.length, 3)
  assert.ok(folder?.type === 'path' && folder.want.type === 'directory' && folder.path === '/srv/data')
  const line = 'UUID=1-2 /srv/data ext4 noatime,nofail 0 2'
  assert.deepEqual(editsOf(fstab), [
    { type: 'line', line, replaces: String.raw`^\s*[^#\s]\S*\s+/srv/data\s`, after: null },
  ])
  assert.equal(fstab?.key, 'path /etc/fstab, mount /srv/data')
  assert.deepEqual(
    fstab.owes.map(({ type }) => type),
    ['units', 'command'],
  )
  assert.ok(command?.type === 'command' && command.check !== null && command.undo !== null)
  assert.deepEqual(command.run.run.slice(4), ['/srv/data'])
})

test('a file system of another machine brings the package that mounts it', async () => {
  for (const [type, name] of [
    ['nfs', 'nfs-common'],
    ['nfs4', 'nfs-common'],
    ['cifs', 'cifs-utils'],
  ] as const) {
    const [first, folder] = await lowered(mount, '/srv/data', { device: 'nas:/export', type })
    assert.equal(first?.key, `package ${name}, mount /srv/data`)
    assert.equal(folder?.type, 'path')
  }
})

test('the line of another mount point, and a comment, are left alone', async () => {
  const [, fstab] = await lowered(mount, '/srv/a.b', { device: '/dev/sdb1', type: 'ext4' })
  const [edit] = editsOf(fstab)
  assert.ok(edit?.type === 'line' && edit.replaces !== null)
  const replaced = new RegExp(edit.replaces)
  assert.match('/dev/sdz /srv/a.b xfs defaults 0 0', replaced)
  assert.doesNotMatch('/dev/sdz /srv/axb xfs defaults 0 0', replaced)
  assert.doesNotMatch('/dev/sdz /srv/a.b/c xfs defaults 0 0', replaced)
  assert.doesNotMatch('# /srv/a.b xfs defaults 0 0', replaced)
})

test('a space in a path is written as fstab has it', async () => {
  const [, , fstab] = await lowered(mount, '/srv/my disk', { device: '//nas/my share', type: 'cifs' })
  const [edit] = editsOf(fstab)
  assert.ok(edit?.type === 'line' && edit.replaces !== null)
  assert.equal(edit.line, String.raw`//nas/my\040share /srv/my\040disk cifs defaults 0 0`)
  assert.match(edit.line, new RegExp(edit.replaces))
})

test('what shall not be mounted is taken off before its line goes', async () => {
  const things = await lowered(mount, '/srv/data', { absent: true })
  assert.deepEqual(
    things.map(({ key }) => key),
    ['command umount /srv/data', 'path /etc/fstab, mount /srv/data'],
  )
  assert.deepEqual(things[1]?.owes, [{ type: 'units' }])
})

test('a mount without a device or a type is refused', () => {
  assert.deepEqual(complaints(mount, 'srv', { typ: 'ext4' }), [
    "mount.name is 'srv' but must be an absolute path, such as '/etc/motd'; write one like that",
    "unknown key 'typ' in mount; did you mean 'type'?",
  ])
  assert.deepEqual(complaints(mount, '/srv', { options: 'a b' }), [
    "mount.options is 'a b' but must be an option of mount, such as 'noatime'; write one like that",
  ])
  assert.deepEqual(complaints(mount, '/srv', {}), [
    "mount has no 'device'; add device: '/dev/sdb1'",
    "mount has no 'type'; add type: 'ext4'",
  ])
})

function editsOf(thing: Thing | undefined) {
  assert.ok(thing?.type === 'path' && thing.want.type === 'edited')
  return thing.want.edits
}
