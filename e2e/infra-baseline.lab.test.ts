import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { mustRun, run } from '../lab/run.ts'
import { sayOf } from './lab/host-look.ts'
import { moved, treeOf } from './lab/host-tree.ts'
import { type InfraStory, openInfraStory } from './lab/infra-story.ts'
import { must } from './lab/story.ts'
import { until } from './lab/until.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

// Opens a connection of its own, to a host it has never seen.
const stranger = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'].flatMap(
  (option) => ['-o', option],
)

const recipe = (key: string): string => `return baseline('debian', {
  admins: [{ name: 'ada', keys: ['${key}'] }],
  sshd: { root: 'keys', allowUsers: ['root', 'ada'] },
  upgrades: { reboot: '03:30' },
  firewall: { allow: { port: 8080 } },
  timeZone: 'Europe/Paris',
  journal: '300M',
})`

// What a package wrote as its own configuration stays with it, as the plan of a revert says.
const ofPackages =
  /unattended-upgrades|\/20auto-upgrades|nftables|\/etc\/(?:ethertypes|networks|protocols|rpc|services|pm\b|xdg\b)/

const serve = "require('node:http').createServer((_, answer) => answer.end()).listen(process.argv[1])"

describe('the baseline of a host', { skip, concurrency: 1 }, () => {
  let story: InfraStory
  let keyFile: string
  let key: string
  let fresh: readonly string[]
  before(async () => {
    story = await openInfraStory({ hosts: 1 })
    await sayOf(story.lab.host('h1'), 'apt-get', '-q', 'update')
    fresh = await treeOf(story.lab.host('h1'))
    keyFile = join(story.folder, 'ada')
    await mustRun(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'ada@laptop', '-f', keyFile])
    key = (await readFile(`${keyFile}.pub`, 'utf8')).trim()
  })
  after(() => story.close())

  test('is applied, confirmed over a new connection, and rests without touching anything', async () => {
    const host = story.lab.host('h1')
    await story.say(recipe(key))
    assert.match(await story.applied('--verbose'), /confirmed over a new connection/)
    const tree = await treeOf(host)
    await story.rests()
    assert.deepEqual(moved(tree, await treeOf(host)), [])
  })

  test('gives its people their keys and rights, and nobody a password', async () => {
    const host = story.lab.host('h1')
    assert.equal(await sayOf(host, 'cat', '/home/ada/.ssh/authorized_keys'), key)
    assert.equal(await sayOf(host, 'runuser', '-u', 'ada', '--', 'sudo', '-n', 'id', '-un'), 'root')
    assert.match(await sayOf(host, 'passwd', '--status', 'ada'), /^ada L /)
    const settings = await sayOf(host, 'sshd', '-T')
    assert.match(settings, /^passwordauthentication no$/m)
    assert.match(settings, /^permitrootlogin (?:prohibit-password|without-password)$/m)
    assert.match(settings, /^allowusers root$/m)
  })

  test('is in force: upgrades, time zone and journal', async () => {
    const host = story.lab.host('h1')
    assert.match(await sayOf(host, 'apt-config', 'dump'), /Automatic-Reboot-Time "03:30"/)
    assert.equal(await sayOf(host, 'date', '+%Z', '--date', '2026-01-15 12:00'), 'CET')
    assert.match(
      await sayOf(host, 'systemd-analyze', 'cat-config', 'systemd/journald.conf'),
      /^SystemMaxUse=300M$/m,
    )
  })

  test('still opens SSH for root and for its people by their keys, and for nobody by a password', async () => {
    const host = story.lab.host('h1')
    const ssh = (login: string, ...options: readonly string[]) =>
      run(['ssh', '-F', 'none', ...stranger, ...options, `${login}@${host.address}`, 'id -un'])
    const by = (file: string) => ['-o', 'IdentitiesOnly=yes', '-i', file]
    assert.equal((await ssh('root', ...by(host.keyFile))).stdout, 'root\n')
    assert.equal((await ssh('ada', ...by(keyFile))).stdout, 'ada\n')
    const refused = await ssh('ada', '-o', 'PubkeyAuthentication=no')
    assert.match(refused.stderr, /Permission denied \(publickey\)/)
  })

  test('opens the ports of its firewall, and no other', async () => {
    const host = story.lab.host('h1')
    for (const port of ['8080', '8081']) {
      const unit = `--unit=listens-${port}`
      await sayOf(host, 'systemd-run', '-q', unit, 'node', '-e', serve, port)
    }
    const asked = async (port: number) =>
      (await fetch(`http://${host.address}:${port}/`, { signal: AbortSignal.timeout(2_000) })).status
    await until('the program of port 8080 answers', async () => (await asked(8080).catch(() => 0)) === 200)
    await assert.rejects(asked(8081), { name: 'TimeoutError' })
    assert.equal(await sayOf(host, 'bash', '-c', ': </dev/tcp/127.0.0.1/8081 && echo open'), 'open')
    await sayOf(host, 'systemctl', 'stop', 'listens-*')
  })

  test('is taken back whole, also after an apply that had nothing to do, and comes again', async () => {
    const host = story.lab.host('h1')
    must(await story.run(['revert', 'c1']))
    const left = moved(fresh, await treeOf(host)).filter((line) => !ofPackages.test(line))
    assert.deepEqual(left, [])
    assert.equal((await host.exec(['sh', '-c', 'command -v nft'])).code, 127)
    must(await story.run(['revert', 'c3']))
    assert.match(await sayOf(host, 'nft', 'list', 'ruleset'), /tcp dport 8080 accept/)
    await story.rests()
  })
})
