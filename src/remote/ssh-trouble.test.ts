import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isKeyChanged, keyChanged, unreached } from './ssh-trouble.ts'

const at = { host: 'web1', address: '192.0.2.7', port: 22 }
const end = { code: 255, signal: null, failed: null }

// What OpenSSH and sudo really say, and the words people get.
const cases: readonly (readonly [said: string, what: RegExp])[] = [
  ['ssh: Could not resolve hostname web1: Name or service not known', /cannot be found/],
  ['ssh: connect to host 192.0.2.7 port 22: Connection refused', /nothing listens at 192.0.2.7 port 22/],
  ['ssh: connect to host 192.0.2.7 port 22: Connection timed out', /does not answer/],
  ['Connection timed out during banner exchange', /does not answer/],
  ['ssh: connect to host 192.0.2.7 port 22: No route to host', /does not answer/],
  ['root@192.0.2.7: Permission denied (publickey,password).', /does not let this user in/],
  ['sudo: a password is required', /asks for a password/],
  ['sudo: sorry, you must have a tty to run sudo', /wants a terminal/],
  ['sudo: a terminal is required to read the password; either use the -S option', /wants a terminal/],
  ['deploy is not in the sudoers file.', /may not become root/],
  ['/home/u/.ssh/config: line 3: Bad configuration option: fowardagent', /cannot read its configuration/],
  ['Bad owner or permissions on /root/.ssh/config', /cannot read its configuration/],
  ['kex_exchange_identification: Connection closed by remote host', /closed the connection/],
  ['Connection reset by 192.0.2.7 port 22', /closed the connection/],
  ['something new', /ended before a program could begin/],
]

describe('words for not getting in', () => {
  for (const [said, what] of cases)
    test(`"${said}" is told as trouble of web1`, () => {
      const trouble = unreached(at, end, `${said}\n`)
      assert.match(trouble.what, what)
      assert.equal(trouble.host, 'web1')
      assert.deepEqual(trouble.tail, [said])
      assert.notEqual(trouble.now, '')
    })

  test('a host that is down or cut off is lost; one that does not let us in is not', () => {
    const isLost = (said: string): boolean => unreached(at, end, said).lost === true
    const away = [
      'Connection refused',
      'No route to host',
      'Connection reset by 192.0.2.7 port 22',
      'Broken pipe',
    ]
    assert.deepEqual(away.filter(isLost), away)
    const there = [
      'Permission denied (publickey).',
      'sudo: a password is required',
      'Could not resolve hostname web1',
    ]
    assert.deepEqual(there.filter(isLost), [])
    assert.equal(
      unreached(at, { ...end, code: 1 }, 'This account is currently not available.').lost,
      undefined,
    )
  })

  test('what login files printed is shown with it', () => {
    const trouble = unreached(at, { ...end, code: 1 }, '', 'This account is currently not available.')
    assert.deepEqual(trouble.tail, ['This account is currently not available.'])
    assert.equal(trouble.exit, 1)
  })

  test('a missing ssh names the package', () => {
    const failed = new Error('spawn ssh ENOENT')
    assert.match(unreached(at, { code: null, signal: null, failed }, '').now, /openssh-client/)
  })

  test('another host key is told with both fingerprints', () => {
    const said = `@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @
The fingerprint for the ED25519 key sent by the remote host is
SHA256:RT+Afa8hELa/AtpMiiaD+TOUzdU01ose8hIyWxI1DhA.
Host key verification failed.`
    assert.ok(isKeyChanged(said))
    const { what } = keyChanged(at, 'SHA256:old', said)
    assert.match(what, /accepted SHA256:old, shown SHA256:RT\+Afa8hELa\/AtpMiiaD\+TOUzdU01ose8hIyWxI1DhA$/)
    assert.ok(isKeyChanged('Unable to negotiate with 1.2.3.4 port 22: no matching host key type found'))
    assert.ok(!isKeyChanged('Permission denied (publickey).'))
  })
})
