import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { LabHost } from '../../../lab/host.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { labNeeds } from '../../../lab/needs.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import type { Script, Thing } from '../things/thing.ts'
import { certificate } from './certificate.ts'
import { firewall } from './firewall.ts'
import { gitCheckout } from './git-checkout.ts'
import { haproxyFront } from './haproxy-front.ts'
import { hostname } from './hostname.ts'
import { logRotation } from './log-rotation.ts'
import { mount } from './mount.ts'
import { postgresDatabase } from './postgres-database.ts'
import { postgresRole } from './postgres-role.ts'
import { lowered } from './try-sort.ts'
import { unit } from './unit.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const packages = ['git', 'openssl', 'nftables', 'logrotate', 'postgresql', 'haproxy']

/** What the sorts say is played on a real host: checks, commands and undos as they are, files put there by hand. */
describe('commands of resources on a host', { skip }, () => {
  let lab: Lab
  let host: LabHost
  before(async () => {
    lab = await openLab({ hosts: 1 })
    host = lab.host('h1')
    const install = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"'
    await must(['env', 'DEBIAN_FRONTEND=noninteractive', 'sh', '-euc', install, 'sh', ...packages])
  })
  after(() => lab.close())

  const must = async (argv: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await host.exec(argv)
    assert.equal(code, 0, `${argv.join(' ')}: ${stderr}${stdout}`)
    return stdout.trim()
  }
  const play = async ({ run }: Script, keep: string) => {
    const argv = typeof run === 'string' ? ['sh', '-euc', run] : run
    const { code, stderr } = await host.exec(['env', `TANDEM_KEEP=${keep}`, ...argv])
    return { exit: code, stderr }
  }
  const put = (path: string, text: string | Uint8Array) => {
    const there = join(host.root, path)
    mkdirSync(dirname(there), { recursive: true })
    writeFileSync(there, text)
  }
  const putAll = (things: readonly Thing[]) => {
    for (const thing of things) {
      if (thing.type !== 'path') continue
      if (thing.want.type === 'directory') mkdirSync(join(host.root, thing.path), { recursive: true })
      if (thing.want.type === 'file') put(thing.path, thing.want.content.bytes)
    }
  }
  /** There is something to do; then, done, there is not; undone twice, there is again. Leaves it done. */
  const playWhole = async <Options>(sort: ResourceSort<Options>, name: string, options: unknown) => {
    const things = await lowered(sort, name, options)
    putAll(things)
    for (const [nth, thing] of things.entries()) {
      if (thing.type !== 'command') continue
      const { check, run, undo } = thing
      assert.ok(check !== null && undo !== null)
      const keep = `/root/keep-${name.replaceAll('/', '_')}-${nth}`
      await must(['rm', '-rf', keep])
      assert.notEqual((await play(check, keep)).exit, 0, 'there is something to do')
      assert.deepEqual(await play(undo, keep), { exit: 0, stderr: '' }, 'an undo of what has not begun')
      for (const round of ['once', 'twice']) {
        const done = await play(run, keep)
        assert.equal(done.exit, 0, `${round}: ${done.stderr}`)
        assert.equal((await play(check, keep)).exit, 0, `${round} done`)
        if (round === 'twice') continue
        assert.equal((await play(undo, keep)).exit, 0, 'undone')
        assert.notEqual((await play(check, keep)).exit, 0, 'undone, there is something to do again')
        assert.equal((await play(undo, keep)).exit, 0, 'undone twice')
        await must(['rm', '-rf', keep])
      }
    }
  }
  /** What the check of a file says to this text. */
  const checked = async (thing: Thing | undefined, text: string) => {
    assert.ok(thing?.type === 'path' && thing.check !== null)
    put('/root/.checked', text)
    return host.exec(thing.check.map((word) => (word === '%' ? '/root/.checked' : word)))
  }

  test('a checkout is the commit that a branch, a tag or a hash names', async () => {
    const commit = `git init -q -b main /srv/from && cd /srv/from && git config user.email a@b && git config user.name a
      echo one >file && git add . && git commit -q -m one && git tag -a v1 -m v1 && echo two >file && git commit -q -a -m two`
    await must(['sh', '-euc', commit])
    await must(['git', 'config', '--system', '--add', 'safe.directory', '*'])
    await must(['sh', '-euc', 'mkdir /srv/shop && chown deploy: /srv/shop'])
    await playWhole(gitCheckout, '/srv/shop', { repo: '/srv/from', ref: 'main', user: 'deploy' })
    assert.equal(await must(['cat', '/srv/shop/file']), 'two')
    assert.equal(await must(['stat', '-c', '%U', '/srv/shop/file']), 'deploy')
    await playWhole(gitCheckout, '/srv/shop', { repo: '/srv/from', ref: 'v1', user: 'deploy' })
    assert.equal(await must(['cat', '/srv/shop/file']), 'one')
    const hash = await must(['git', '-C', '/srv/from', 'rev-parse', 'main'])
    await playWhole(gitCheckout, '/srv/shop', { repo: '/srv/from', ref: hash, user: 'deploy' })
    assert.equal(await must(['cat', '/srv/shop/file']), 'two')
  })

  test('a checkout overwrites nobody without being told to', async () => {
    put('/srv/shop/file', 'edited by hand\n')
    const [, kept] = await lowered(gitCheckout, '/srv/shop', { repo: '/srv/from', ref: 'v1', user: 'deploy' })
    assert.ok(kept?.type === 'command')
    assert.match((await play(kept.run, '/root/k1')).stderr, /has changes that were never committed/)
    assert.equal(await must(['cat', '/srv/shop/file']), 'edited by hand')
    const [, forced] = await lowered(gitCheckout, '/srv/shop', {
      repo: '/srv/from',
      ref: 'v1',
      user: 'deploy',
      force: true,
    })
    assert.ok(forced?.type === 'command')
    assert.equal((await play(forced.run, '/root/k2')).exit, 0)
    assert.equal(await must(['cat', '/srv/shop/file']), 'one')
    const [, missing] = await lowered(gitCheckout, '/srv/shop', {
      repo: '/srv/from',
      ref: 'nope',
      user: 'deploy',
    })
    assert.ok(missing?.type === 'command')
    assert.match((await play(missing.run, '/root/k3')).stderr, /has no branch and no tag called nope/)
  })

  test('a certificate is signed once, for its names, and is what openssl takes', async () => {
    const names = ['shop.example.org', '*.shop.example.org', '10.0.0.1', 'fd00::1']
    await playWhole(certificate, 'shop.example.org', { selfSigned: true, names })
    const pem = '/etc/ssl/tandem/shop.example.org/fullchain.pem'
    await must(['openssl', 'verify', '-CAfile', pem, '-verify_hostname', 'a.shop.example.org', pem])
    assert.equal(await must(['stat', '-c', '%a', '/etc/ssl/tandem/shop.example.org/privkey.pem']), '600')
    const [, , , other] = await lowered(certificate, 'shop.example.org', { selfSigned: true })
    assert.ok(other?.type === 'command' && other.check !== null)
    assert.notEqual((await play(other.check, '/root/k4')).exit, 0, 'other names are another certificate')
  })

  test('rules of a firewall are taken by nft, and only they are replaced', async () => {
    await must(['nft', 'add', 'table', 'inet', 'others'])
    const options = {
      allow: [{ port: 443 }, { ports: ['8000-8010', 9000], from: ['10.0.0.0/8', 'fd00::/8'] }],
      policy: 'reject',
      ping: false,
    }
    const [, file] = await lowered(firewall, 'web', options)
    assert.ok(file?.type === 'path' && file.want.type === 'file')
    assert.equal((await checked(file, new TextDecoder().decode(file.want.content.bytes))).code, 0)
    assert.notEqual((await checked(file, 'table inet tandem {')).code, 0)
    await playWhole(firewall, 'web', options)
    assert.match(await must(['nft', 'list', 'ruleset']), /table inet others/)
    const [, gone] = await lowered(firewall, 'web', { absent: true })
    assert.ok(gone?.type === 'command')
    assert.equal((await play(gone.run, '/root/k5')).exit, 0)
    assert.doesNotMatch(await must(['nft', 'list', 'ruleset']), /table inet tandem/)
  })

  test('a role has its attributes and a password that opens', async () => {
    await must([
      'sh',
      '-c',
      'systemctl start postgresql; for n in 1 2 3 4 5 6 7 8 9; do runuser -u postgres -- psql -c "" && exit 0; sleep 0.3; done; exit 1',
    ])
    await playWhole(postgresRole, 'shop', {
      password: 'it\'s $(secret) \\ "x"',
      createdb: true,
      connections: 20,
    })
    const login = [
      'env',
      `PGPASSWORD=it's $(secret) \\ "x"`,
      'psql',
      '-h',
      '127.0.0.1',
      '-U',
      'shop',
      '-d',
      'postgres',
      '-Atc',
      'select 7',
    ]
    assert.equal(await must(login), '7')
    await playWhole(postgresRole, 'shop', { password: 'another', createdb: false })
    assert.notEqual((await host.exec(login)).code, 0)
  })

  test('a database is made for its owner, and dropped again only while it is empty', async () => {
    await playWhole(postgresDatabase, 'basket', {
      owner: 'shop',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
      extensions: ['plpgsql'],
    })
    const [command] = await lowered(postgresDatabase, 'basket', { owner: 'shop' })
    assert.ok(command?.type === 'command' && command.undo !== null)
    await must(['runuser', '-u', 'postgres', '--', 'psql', '-d', 'basket', '-c', 'create table a (b int)'])
    assert.match((await play(command.undo, '/root/keep-basket-0')).stderr, /holds 1 tables by now/)
    const [latin] = await lowered(postgresDatabase, 'basket', { encoding: 'LATIN1' })
    assert.ok(latin?.type === 'command')
    assert.match(
      (await play(latin.run, '/root/k6')).stderr,
      /with the encoding UTF8, which cannot be changed/,
    )
  })

  test('a misspelt unit or rotation is refused before it is put in place', async () => {
    const [service] = await lowered(unit, 'a.service', { content: 'x' })
    assert.equal((await checked(service, '[Service]\nExecStart=/no/such/program\n')).code, 0)
    assert.match((await checked(service, '[Service]\nExecStrat=/bin/true\n')).stderr, /Unknown key/)
    assert.match((await checked(service, '[Serivce]\nExecStart=/bin/true\n')).stderr, /Unknown section/)
    assert.match(
      (await checked(service, '[Service]\nExecStart=/bin/true\nNice=lots\n')).stderr,
      /Failed to parse/,
    )
    const [rotation] = await lowered(logRotation, 'a', { paths: '/var/log/a.log' })
    assert.equal((await checked(rotation, '/var/log/a.log {\n  weekly\n}\n')).code, 0)
    assert.match((await checked(rotation, '/var/log/a.log {\n  wekly\n}\n')).stderr, /error/)
  })

  test('the part of a front is taken by HAProxy by itself and after that of a deploy', async () => {
    const things = await lowered(haproxyFront, 'front', {
      maxConnections: 5000,
      metrics: { port: 9101, from: '10.0.0.0/8' },
      global: 'tune.bufsize 32768',
    })
    const part = things.at(-1)
    assert.ok(part?.type === 'path' && part.want.type === 'file')
    const bytes = new TextDecoder().decode(part.want.content.bytes)
    assert.equal((await checked(part, bytes)).code, 0)
    assert.notEqual((await checked(part, `${bytes}nonsense\n`)).code, 0)
  })

  test('a file system is mounted and a host named, now', async () => {
    put('/etc/fstab', 'tmpfs /srv/data tmpfs size=1m 0 0\n')
    await playWhole(mount, '/srv/data', { device: 'tmpfs', type: 'tmpfs' })
    await playWhole(hostname, 'renamed', {})
    assert.equal(await must(['uname', '-n']), 'renamed')
  })
})
