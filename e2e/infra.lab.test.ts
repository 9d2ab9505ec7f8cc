import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { LabHost } from '../lab/host.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { labNeeds } from '../lab/needs.ts'
import { run } from '../lab/run.ts'
import { type Begun, begun } from './lab/begun.ts'
import { sayOf } from './lab/host-look.ts'
import { moved, treeOf } from './lab/host-tree.ts'
import { commandEnvironment } from './lab/hub-process.ts'
import { layInfraExample } from './lab/infra-project.ts'
import { must, startIn } from './lab/story.ts'
import { endProcessesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const password = 'quite "odd" & 4711'

// What PostgreSQL says first to somebody who wants the database of the shop: R asks for the password, E is an error.
const knock = `
const socket = require('node:net').connect(5432, process.argv[1])
const words = Buffer.from('\\0\\3\\0\\0user\\0shop\\0database\\0shop\\0\\0', 'latin1')
const length = Buffer.alloc(4)
length.writeInt32BE(words.length + 4)
socket.on('connect', () => socket.write(Buffer.concat([length, words])))
socket.on('data', (bytes) => (console.log(bytes.toString('latin1').replaceAll('\\0', ' ')), socket.destroy()))
socket.on('error', (error) => console.log(error.message))
`

describe('the infrastructure of the shop', { skip, concurrency: 1 }, () => {
  let folder: string
  let project: string
  let lab: Lab
  const begin = (...words: readonly string[]): Begun =>
    begun(words.join(' '), startIn(project, words, commandEnvironment({ folder })))
  const tandem = async (...words: readonly string[]): Promise<string> => must(await begin(...words).ended).out
  const [front, database, app1, app2] = [0, 1, 2, 3].map((nth) => (): LabHost => {
    const host = lab.hosts[nth]
    if (host === undefined) throw new Error(`the lab has no host ${nth}`)
    return host
  }) as [() => LabHost, () => LabHost, () => LabHost, () => LabHost]
  const rests = async (): Promise<void> =>
    assert.match(await tandem('apply'), /plan: apply to .*: nothing to do/)
  const visit = async (signal = AbortSignal.timeout(10_000)) => {
    const answer = await fetch(`http://${front().address}/`, { signal })
    return { status: answer.status, release: answer.headers.get('x-release'), page: await answer.text() }
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-infra-'))
    lab = await openLab({ hosts: 4 })
    project = await layInfraExample(folder, {
      '10.0.0.10': front(),
      '10.0.0.20': database(),
      '10.0.0.31': app1(),
      '10.0.0.32': app2(),
    })
  })
  after(async () => {
    endProcessesOf(folder)
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('says which secret is missing before anything connects, and takes it', async () => {
    const planned = await begin('plan').ended
    assert.equal(planned.code, 1)
    assert.match(
      planned.err,
      /there are no secrets for infra\n.*\n {2}now {3}run `tandem secret set NAME --in infra`/,
    )
    const setting = begin('secret', 'set', 'SHOP_DATABASE_PASSWORD', '--in', 'infra')
    setting.type(password)
    must(await setting.ended)
  })

  test('plans four fresh hosts without touching them, each thing told once', async () => {
    const trees = await Promise.all(lab.hosts.map((host) => treeOf(host)))
    const planned = await tandem('plan', '--save', 'plan.json')
    assert.match(planned, /apply to front1, db1, app1, app2: \d+ to make, \d+ to alter/)
    assert.equal(
      planned.split('baseline debian (recipes/everywhere.ts').length,
      2,
      'what is the same is told twice',
    )
    assert.match(planned, /\+ {3}apt postgresql \(recipes\/database\.ts:12:18\)/)
    assert.match(planned, /content: \[secret\]/)
    assert.doesNotMatch(planned, /4711/)
    assert.match(planned, /1\. canary +apply on front1\n +2\. rest +apply on db1 app1 app2/)
    const now = await Promise.all(lab.hosts.map((host) => treeOf(host)))
    assert.deepEqual(now, trees)
  })

  test('makes of them what the plan has shown, and then has nothing left to do', async () => {
    const out = await tandem('apply', '--plan', 'plan.json', '--why', 'the shop opens')
    assert.match(out, /c1 done: .*undo: tandem revert c1/)
    await rests()
    assert.match(await sayOf(front(), 'cat', '/etc/motd'), /^front1: front\n/)
    assert.equal(await sayOf(front(), 'readlink', '/etc/localtime'), '/usr/share/zoneinfo/Europe/Paris')
    assert.match(await sayOf(app1(), 'sshd', '-T'), /passwordauthentication no/)
    assert.equal(
      await sayOf(app1(), 'stat', '-c', '%a %U %G', '/etc/shop/database', '/var/log/shop'),
      '640 root shop\n2750 shop adm',
    )
  })

  test('lets the app hosts at the database, and nobody else', async () => {
    const asked = (host: LabHost) => sayOf(host, 'node', '-e', knock, database().address)
    assert.match(await asked(app1()), /^R.*SCRAM-SHA-256/s)
    assert.match(await asked(app2()), /^R.*SCRAM-SHA-256/s)
    assert.match(await asked(front()), /^E.*no pg_hba\.conf entry/s)
    const owner = `select pg_get_userbyid(datdba) from pg_database where datname = 'shop'`
    assert.equal(await sayOf(database(), 'runuser', '-u', 'postgres', '--', 'psql', '-Atc', owner), 'shop')
  })

  test('has the password where it belongs, and nowhere else', async () => {
    assert.match(await sayOf(app1(), 'cat', '/etc/shop/database'), /quite "odd" & 4711/)
    const here = await run(['grep', '-rlaF', password, folder])
    assert.equal(here.stdout, '', 'it lies in the project, the ledger or the log')
    for (const host of lab.hosts) {
      const places = ['etc', 'var/lib/tandem', 'var/log', 'tmp', 'root', 'var/lib/postgresql'].map((place) =>
        join(host.root, place),
      )
      const there = await run(['grep', '-rlaF', password, ...places])
      const files = there.stdout.split('\n').filter((line) => line !== '')
      const isApp = host === app1() || host === app2()
      assert.deepEqual(files, isApp ? [join(host.root, 'etc/shop/database')] : [])
    }
  })

  test('answers through the front as soon as the shop is deployed, and goes on when a host is away', async () => {
    assert.match(await tandem('deploy'), /is live on 2 of 2 hosts/)
    await until('the front has found them', async () => (await visit()).status === 200)
    const { page, release } = await visit()
    assert.match(page, /Brass bell/)
    assert.match(release ?? '', /^[0-9a-f]{64}$/)
    app1().cut()
    const areAnswered = async (): Promise<boolean> => {
      const visits = [1, 2, 3, 4].map(() => visit(AbortSignal.timeout(1_000)).then(({ status }) => status))
      return (await Promise.all(visits).catch(() => [])).join() === '200,200,200,200'
    }
    await until('the front asks the other alone', areAnswered)
    app1().mend()
    await rests()
  })

  test('finds what somebody altered by hand on any of them, with evidence, and mends it', async () => {
    await sayOf(front(), 'sh', '-c', 'echo "it is mine" >/etc/motd; systemctl -q stop haproxy')
    await sayOf(
      app2(),
      'sh',
      '-c',
      'apt-get -y -q remove logrotate >/dev/null 2>&1; chmod 644 /etc/shop/database',
    )
    const drift = await begin('drift').ended
    assert.equal(drift.code, 1)
    assert.match(drift.out, /front1 differs in 2 of 5 resources\n {2}template \/etc\/motd .*host moved/)
    assert.match(drift.out, /- it is mine/)
    assert.match(drift.out, /service haproxy .*host moved\n.*started/)
    assert.match(drift.out, /app2 differs in 2 of 10 resources/)
    assert.match(drift.out, /remove logrotate:amd64/)
    assert.match(drift.out, /mode 0644 -> 0640/)
    assert.match(drift.out, /db1 is as its recipes say/)
    const mended = await tandem('apply', '--drift', '--why', 'somebody was here')
    assert.match(mended, /apply to front1, app2: 1 to make, 3 to alter/)
    assert.equal((await visit()).status, 200)
    await tandem('drift')
    await rests()
  })

  test('takes the mending back on request: what was found by then is there again', async () => {
    const out = await tandem('revert', '--why', 'it was on purpose')
    assert.match(out, /done: take back/)
    assert.equal(await sayOf(front(), 'cat', '/etc/motd'), 'it is mine')
    assert.equal((await front().exec(['systemctl', 'is-active', '--quiet', 'haproxy'])).code, 3)
    assert.equal(await sayOf(app2(), 'stat', '-c', '%a', '/etc/shop/database'), '644')
    await tandem('apply')
    await rests()
  })

  test('refuses a kept plan when a host has moved since', async () => {
    const tree = await treeOf(front())
    await sayOf(front(), 'sh', '-c', 'echo "# moved" >>/etc/haproxy/haproxy.cfg')
    await tandem('plan', '--save', 'plan.json')
    await sayOf(front(), 'sh', '-c', 'echo "# moved again" >>/etc/haproxy/haproxy.cfg')
    const refused = await begin('apply', '--plan', 'plan.json').ended
    assert.equal(refused.code, 1)
    assert.match(refused.out, /1 of what the plan showed has moved since/)
    await tandem('apply')
    assert.deepEqual(moved(tree, await treeOf(front())), [])
    await rests()
  })
})
