import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkOf, lockoutOf } from './lockout.ts'

test('a path that decides who comes in says by what it may lock us out', () => {
  const table = {
    '/etc/ssh': 'sshd',
    '/etc/ssh/sshd_config': 'sshd',
    '/etc/ssh/sshd_config.d/10-keys.conf': 'sshd',
    '/etc/ssh/ssh_host_ed25519_key': 'sshd',
    '/etc/ssh/ssh_config': null,
    '/etc/ssh/ssh_config.d/jump.conf': null,
    '/etc/sshguard': null,
    '/root/.ssh/authorized_keys': 'sshd',
    '~deploy/.ssh/authorized_keys': 'sshd',
    '~deploy/.ssh/id_ed25519': null,
    '/etc/hosts.deny': 'sshd',
    '/etc/hosts': null,
    '/etc/systemd/system/ssh.service.d/limits.conf': 'sshd',
    '/etc/systemd/system/sshguard.service': null,
    '/etc/sudoers': 'sudo',
    '/etc/sudoers.d/deploy': 'sudo',
    '/etc/sudoersX': null,
    '/etc/pam.d/sshd': 'pam',
    '/etc/nsswitch.conf': 'pam',
    '/etc/shadow': 'pam',
    '/etc/network/interfaces': 'network',
    '/etc/netplan/50-cloud.yaml': 'network',
    '/etc/systemd/network/10-lan.network': 'network',
    '/etc/nftables.conf': 'firewall',
    '/etc/nftables.d/web.nft': 'firewall',
    '/etc/motd': null,
    '/srv/etc/ssh/sshd_config': null,
  }
  for (const [path, lockout] of Object.entries(table)) assert.equal(lockoutOf(path), lockout, path)
})

test('files of sshd and sudo are checked before they are put in place', () => {
  assert.deepEqual(checkOf('/etc/ssh/sshd_config'), ['/usr/sbin/sshd', '-t', '-f', '%'])
  assert.deepEqual(checkOf('/etc/ssh/sshd_config.d/10-keys.conf'), ['/usr/sbin/sshd', '-t', '-f', '%'])
  assert.deepEqual(checkOf('/etc/sudoers.d/deploy'), ['visudo', '-cf', '%'])
  assert.equal(checkOf('/etc/ssh/ssh_config'), null)
  assert.equal(checkOf('/etc/ssh/sshd_config.d/README'), null)
  assert.equal(checkOf('/etc/motd'), null)
})
