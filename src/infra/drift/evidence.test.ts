import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Evidence, linesAbout, noEvidence } from './evidence.ts'

const evidence: Evidence = {
  ...noEvidence,
  dpkg: [
    '2026-11-23 07:10:44 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1',
    '2026-11-23 07:11:02 remove nginx-common:all 1.22.1-9 <none>',
  ],
  auth: [
    '1795431000.2 web1 sshd[4]: Accepted publickey for ada from 10.0.0.9 port 4711 ssh2: ED25519 SHA256:abc',
    '1795431050.0 web1 sudo[5]: ada : PWD=/etc ; USER=root ; COMMAND=/usr/bin/vi motd',
    '1795439999.0 web1 sshd[6]: Accepted publickey for eve from 10.0.0.8 port 4712 ssh2: ED25519 SHA256:def',
  ],
  paths: ['1795431060 2026-11-23 07:11 root /etc/motd', '1795431070 2026-11-23 07:11 - /srv/shop/gone'],
  units: ['cron.service 2026-11-23T07:11:40+0000 web1 systemd[1]: Stopped cron.service'],
}

test('a package is told by what dpkg did with it, not with others of like names', () => {
  assert.deepEqual(linesAbout(evidence, 'package nginx'), [evidence.dpkg[0]])
})

test('a file is told by when it was written, and by the command that named it where it lies', () => {
  assert.deepEqual(linesAbout(evidence, 'path /etc/motd'), [
    'written at 2026-11-23 07:11, by the clock of the host',
    'web1 sudo[5]: ada : PWD=/etc ; USER=root ; COMMAND=/usr/bin/vi motd',
  ])
})

test('where no command names it, the last login before it was written is told, and none that came later', () => {
  const [when = '', login = ''] = linesAbout(evidence, 'path /srv/shop/gone')
  assert.match(when, /^something in its folder went or came at 2026-11-23 07:11/)
  assert.match(login, /^the last login before: web1 sshd\[4\]: Accepted publickey for ada/)
})

test('a line of a file is told by what is known of the file', () => {
  const [when = ''] = linesAbout(evidence, 'path /etc/motd, line /etc/motd: hello')
  assert.match(when, /^written at/)
})

test('a unit is told by what systemd did with it', () => {
  assert.deepEqual(linesAbout(evidence, 'unit cron.service'), [
    '2026-11-23T07:11:40+0000 web1 systemd[1]: Stopped cron.service',
  ])
})

test('of what nothing is known nothing is told', () => {
  assert.deepEqual(linesAbout(noEvidence, 'path /etc/motd'), [])
})
