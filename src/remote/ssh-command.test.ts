import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startOpening } from './bootstrap.ts'
import { fingerprintOf, parseHostKey } from './host-key.ts'
import { HOST_ROOT, hostCommand, sshArgv, type Via } from './ssh-command.ts'
import { ownWord, placesFor } from './ssh-folder.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIyRdhMdAHx26RAqQ6JgdQy7EjvjFEfjHgwjEBmySmOW'
const via: Via = {
  kind: 'ssh',
  user: 'deploy',
  address: '192.0.2.7',
  port: 2222,
  hostKey: key,
  identityFile: null,
  sudo: 'free',
}
const opening = startOpening(HOST_ROOT, {
  id: 'a',
  script: ':',
  frames: [],
  lease: null,
  limitMs: 1000,
  secrets: [],
})

describe('the ssh command', () => {
  test('is one that ssh understands as it is meant, spaces and percent signs in paths included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem 5% '))
    const places = await placesFor({ stateDir: folder, own: ownWord() }, via, key)
    const [file, ...args] = sshArgv(
      { ...via, identityFile: `${folder}/id` },
      places,
      ['curve25519-sha256'],
      ['x'],
    )
    const { stdout, stderr } = spawnSync(file, ['-G', ...args], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    assert.equal(stderr, '')
    const read = (name: string): string | undefined =>
      stdout
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1)
    assert.equal(read('user'), 'deploy')
    assert.equal(read('hostname'), '192.0.2.7')
    assert.equal(read('port'), '2222')
    assert.equal(read('batchmode'), 'yes')
    assert.equal(read('stricthostkeychecking'), 'true')
    assert.equal(read('hostkeyalgorithms'), 'ssh-ed25519')
    assert.equal(read('forwardagent'), 'no')
    assert.ok(read('kexalgorithms')?.startsWith('curve25519-sha256,'), 'cheap first, the others stay')
    assert.equal(read('userknownhostsfile'), places.knownHosts)
  })

  test('a host command is one line without anything login shells would change', () => {
    for (const sudo of ['no', 'free', 'password'] as const) {
      const command = hostCommand({ ...via, sudo }, opening, 'tandem-abc:')
      assert.doesNotMatch(command, /[!\\\n]/)
      assert.equal(command.split("'").length, 3, 'one pair of single quotes')
    }
    const look = { ...opening, lookMs: 1_000 }
    assert.match(hostCommand(via, look, 'p'), / setsid -w \/bin\/sh -c /, 'sudo is not in its group')
    assert.doesNotMatch(hostCommand({ ...via, sudo: 'no' }, look, 'p'), /setsid/)
    assert.match(hostCommand(via, opening, 'p'), /^exec sudo -n env -i PATH=/)
    assert.match(hostCommand({ ...via, sudo: 'no' }, opening, 'p'), /^exec env -i PATH=/)
    assert.match(hostCommand({ ...via, sudo: 'password' }, opening, 'p:'), /^exec sudo -S -k -p p: env -i/)
  })

  test('who is reached, as whom and under which key decides which connection is used', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'tandem-'))
    const others: readonly Partial<Via>[] = [
      {},
      { user: 'x' },
      { port: 1 },
      { address: 'b' },
      { identityFile: '/k' },
    ]
    const at = { stateDir, own: 'abcd' }
    const places = await Promise.all(others.map((other) => placesFor(at, { ...via, ...other }, key)))
    places.push(await placesFor(at, via, `${key.slice(0, -1)}X`))
    rmSync(stateDir, { recursive: true })
    assert.equal(new Set(places.map(({ socket }) => socket)).size, 6)
  })

  test('the socket has a path that fits, however deep the state folder is', async () => {
    const top = mkdtempSync(join(tmpdir(), 'tandem-'))
    const { socket } = await placesFor({ stateDir: join(top, 'x'.repeat(120)), own: ownWord() }, via, key)
    rmSync(top, { recursive: true })
    rmSync(join(socket, '..'), { recursive: true })
    assert.ok(Buffer.byteLength(socket) + 17 < 108, socket)
  })
})

describe('host keys', () => {
  test('are read from a line with or without a comment', () => {
    assert.equal(parseHostKey(`${key} root@h1\n`), key)
    assert.equal(parseHostKey(key), key)
    for (const line of [
      '',
      'ssh-ed25519',
      'h1 ssh-ed25519 AAAA',
      'ssh-ed25519 AAAA\nx y',
      '-oProxyCommand=x AAAA',
    ])
      assert.equal(parseHostKey(line), null, line)
  })

  test('have the fingerprint that ssh-keygen prints', () => {
    const { stdout } = spawnSync('ssh-keygen', ['-lf', '-'], { input: `${key}\n`, encoding: 'utf8' })
    assert.equal(fingerprintOf(key), stdout.split(' ')[1])
  })
})
