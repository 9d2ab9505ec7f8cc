import assert from 'node:assert/strict'
import { test } from 'node:test'
import { baseline } from './baseline.ts'
import { complaints, lowered, textAt, tryWorld } from './try-sort.ts'

const ada = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop'
const keys = async (options: object, world = tryWorld()) =>
  (await lowered(baseline, 'debian', options, world)).map(({ key }) => key)

test('by itself it is an sshd without passwords, upgrades, and a kernel, a clock and a journal within bounds', async () => {
  assert.deepEqual(await keys({}), [
    'path /etc/ssh/sshd_config.d/00-tandem.conf',
    'package unattended-upgrades, baseline debian',
    'path /etc/apt/apt.conf.d/60tandem-upgrades',
    'path /etc/sysctl.d/60-tandem-baseline.conf',
    'command settings of the kernel',
    'command time from the network',
    'path /etc/systemd/journald.conf.d',
    'path /etc/systemd/journald.conf.d/60-tandem.conf',
  ])
  assert.deepEqual(
    await keys({ sshd: false, upgrades: false, kernel: false, ntp: false, journal: false }),
    [],
  )
})

test('whoever comes in by a key goes on doing so, and a change of sshd undoes itself unless it is confirmed', async () => {
  const [sshd] = await lowered(baseline, 'debian', {})
  assert.ok(sshd?.type === 'path' && sshd.lockout === 'sshd' && sshd.check !== null)
  assert.deepEqual(sshd.owes, [{ type: 'reload', unit: 'ssh.service' }])
  const text = async (options: object) =>
    textAt(await lowered(baseline, 'debian', { sshd: options }), '/etc/ssh/sshd_config.d/00-tandem.conf')
  assert.match(await text({}), /^PermitRootLogin prohibit-password\nPasswordAuthentication no$/m)
  assert.doesNotMatch(await text({}), /AllowUsers|PubkeyAuthentication/)
  assert.match(
    await text({ root: 'no', passwords: true }),
    /^PermitRootLogin no\nPasswordAuthentication yes$/m,
  )
  assert.match(await text({ allowUsers: ['root', 'deploy'] }), /^AllowUsers root deploy$/m)
})

test('an admin is a user with a shell, keys in a home that is made here, and every right', async () => {
  const things = await lowered(baseline, 'debian', {
    admins: [{ name: 'ada', keys: ada }],
    sshd: false,
    upgrades: false,
    kernel: false,
    ntp: false,
    journal: false,
  })
  assert.deepEqual(
    things.map((thing) => (thing.type === 'path' ? thing.path : thing.key)),
    [
      'package sudo, baseline debian',
      'user ada',
      '/home/ada/.ssh',
      '/home/ada/.ssh/authorized_keys',
      '/etc/sudoers.d/ada',
    ],
  )
  assert.equal(textAt(things, '/etc/sudoers.d/ada'), 'ada ALL=(ALL:ALL) NOPASSWD: ALL\n')
})

test('upgrades restart the host only when told when', async () => {
  const text = async (upgrades: unknown) =>
    textAt(await lowered(baseline, 'debian', { upgrades }), '/etc/apt/apt.conf.d/60tandem-upgrades')
  assert.match(await text(true), /Automatic-Reboot "false";\n$/)
  assert.match(
    await text({ reboot: '03:30' }),
    /Automatic-Reboot "true";\nUnattended-Upgrade::Automatic-Reboot-Time "03:30";\n$/,
  )
})

test('a container has the clock of the machine around it', async () => {
  const world = tryWorld()
  const facts = { ...world.host.facts, virtualization: 'lxc' }
  const found = await keys({}, { ...world, host: { ...world.host, facts } })
  assert.ok(!found.includes('command time from the network'))
})

test('a firewall and a time zone are those of their own words', async () => {
  const found = await keys({ firewall: { allow: { port: 80 } }, timeZone: 'Europe/Paris' })
  for (const key of ['path /etc/nftables.conf', 'command rules of the firewall', 'path /etc/localtime'])
    assert.ok(found.includes(key), key)
})

test('a mistake in a part is told in the words of that part', () => {
  assert.deepEqual(
    complaints(baseline, 'debian', {
      admins: [{ name: 'Ada', keys: 'x' }],
      firewall: { allow: { port: 0 } },
      timeZone: 'Mars',
      journal: 'lots',
      upgrades: { reboot: '3:30' },
    }),
    [
      "baseline.admins[0].name is 'Ada' but must be the name of a user, such as 'deploy'; write one like that",
      "baseline.admins[0].keys is 'x' but must be a public key, such as 'ssh-ed25519 AAAA… ada'; write one like that",
      "baseline.upgrades.reboot is '3:30' but must be a time of day, such as '03:30'; write one like that",
      "baseline.firewall.allow.port is 0 but must be a port or a range, such as 443 or '8000-8010'; write one like that",
      "baseline.timeZone is 'Mars' but must be a time zone, such as 'Europe/Paris'; look into /usr/share/zoneinfo for the names",
      "baseline.journal is 'lots' but must be an amount of disk or false, such as '500M'; write one like that",
    ],
  )
})
