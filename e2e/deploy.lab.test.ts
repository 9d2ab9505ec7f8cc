import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { run } from '../lab/run.ts'
import { labNeeds } from '../lab/needs.ts'
import { busyApp, busyFiles, uploads } from './lab/busy-app.ts'
import {
  appFolder,
  bytesReceived,
  fileOf,
  inodeOf,
  linesOf,
  pidOf,
  releasesOn,
  sayOf,
  slotOf,
} from './lab/host-look.ts'
import { must, openStory, type Story } from './lab/story.ts'
import { until } from './lab/until.ts'
import { ownersOfEnvironments, watchCommandLines } from './lab/watch-words.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const canary = 'correct-horse-battery-4711'
const webUnit = (slot: string): string => `tandem-shop.production-web@${slot}.service`

describe('a team that deploys', { skip }, () => {
  let story: Story
  /** The releases of the story so far, as the hosts answered with them. */
  const lived: string[] = []

  before(async () => {
    story = await openStory({
      hosts: 3,
      files: 40,
      bytes: 6 * 1024 * 1024,
      extra: busyFiles,
      app: { ...busyApp, keep: 3 },
      environment: { env: { PLACE: 'production' }, drain: '2s' },
    })
    await story.hub.start()
  })
  after(() => story.close())

  test('puts a secret into the repository that only its key opens', async () => {
    const command = story.begin(['secret', 'set', 'DB_PASSWORD'])
    command.type(canary)
    must(await command.ended)
    const found = await run(['grep', '-rlaF', canary, story.folder])
    assert.equal(found.stdout, '')
  })

  test('brings bare hosts to their first release in one command', async () => {
    const watching = watchCommandLines(canary)
    const ran = must(await story.run(['deploy', '--why', 'the first one']))
    const { read, found } = await watching.stop()
    assert.match(ran.out, /shop [0-9a-f]{7} is live on 3 of 3 hosts/)
    assert.ok(read > 1_000, `only ${read} command lines were read`)
    assert.deepEqual(found, [], 'a secret stood in a command line')
    lived.push(await story.answered())
  })

  test('runs the app as a user of its own, with what its environment says', async () => {
    for (const host of story.lab.hosts) {
      assert.deepEqual(await linesOf(host, `${uploads}/environment`), ['hello production tandem-shop'])
      const [password] = await linesOf(host, `${uploads}/password`)
      assert.equal(password?.split(' ')[0], createHash('sha256').update(canary).digest('hex'))
    }
  })

  test('keeps a secret out of everything but the environment of the app', async () => {
    const planned = must(await story.run(['plan', 'deploy', '--json']))
    assert.ok(!planned.out.includes(canary), 'it stands in the plan')
    const here = await run(['grep', '-rlaF', canary, story.folder])
    assert.equal(here.stdout, '', 'it lies in the project, the ledger or the log')
    for (const host of story.lab.hosts) {
      const places = ['var/lib/tandem', 'etc', 'tmp', 'var/log', 'home', 'root', 'run/systemd', 'run/log']
      const there = await run(['grep', '-rlaF', canary, ...places.map((place) => join(host.root, place))])
      const files = there.stdout.split('\n').filter((line) => line !== '')
      assert.deepEqual(files, [join(appFolder(host), 'slots/a/env')])
      const journal = await host.exec(['journalctl', '-o', 'cat', '--no-pager'])
      assert.ok(!journal.stdout.includes(canary), 'it stands in the journal')
      const others = await host.exec(['runuser', '-u', 'deploy', '--', 'cat', `${remoteApp}/slots/a/env`])
      assert.notEqual(others.code, 0, 'anybody can read it')
    }
    const [host] = story.lab.hosts
    const owner = Number(await sayOf(host!, 'id', '-u', 'tandem-shop'))
    assert.deepEqual(ownersOfEnvironments(canary), [owner])
  })

  test('gives the app no more rights than it needs', async () => {
    const [host] = story.lab.hosts
    const wanted = { NoNewPrivileges: 'yes', ProtectSystem: 'full', ProtectHome: 'yes', PrivateTmp: 'yes' }
    for (const unit of [webUnit('a'), 'tandem-shop.production-worker-2@a.service']) {
      const shown = await sayOf(host!, 'systemctl', 'show', unit, '-p', Object.keys(wanted).join(','))
      const got = Object.fromEntries(shown.split('\n').map((line) => line.split('=')))
      assert.deepEqual(got, wanted)
    }
  })

  test('runs the workers of the live release, which cannot write to their own files', async () => {
    for (const host of story.lab.hosts) {
      const uid = await sayOf(host, 'id', '-u', 'tandem-shop')
      await until('both work', async () => (await linesOf(host, `${uploads}/worker.txt`)).length === 2)
      assert.deepEqual(await linesOf(host, `${uploads}/worker.txt`), [
        `${lived[0]} ${uid}`,
        `${lived[0]} ${uid}`,
      ])
    }
  })

  test('keeps time for what runs on a schedule', async () => {
    const [host] = story.lab.hosts
    assert.equal(
      await sayOf(host!, 'systemctl', 'is-active', 'tandem-shop.production-nightly.timer'),
      'active',
    )
    await sayOf(host!, 'systemctl', 'start', 'tandem-shop.production-nightly.service')
    const uid = await sayOf(host!, 'id', '-u', 'tandem-shop')
    assert.deepEqual(await linesOf(host!, `${uploads}/nightly`), [`ran ${lived[0]} ${uid}`])
  })

  test('migrates once, on one host, when all have the files and none runs the new release', async () => {
    const notes = await Promise.all(story.lab.hosts.map((host) => linesOf(host, `${uploads}/migration`)))
    assert.deepEqual(
      notes.map((lines) => lines.length),
      [1, 0, 0],
    )
    const { entries } = await story.change('c1')
    const at = (type: string, name: string): number =>
      entries.findIndex(
        (entry) =>
          entry.type === type &&
          ('step' in entry ? entry.step === name : 'stage' in entry && entry.stage === name),
      )
    const order = [
      at('stage-done', 'files'),
      at('step-started', 'migrate h1'),
      at('step-done', 'migrate h1'),
      at('step-started', 'start h1'),
      at('stage-done', 'prepare'),
      at('stage-started', 'canary'),
    ]
    assert.deepEqual(
      order.toSorted((a, b) => a - b),
      order,
    )
    assert.ok(order[0] !== -1)
  })

  test('runs the hooks on each host, before and after', async () => {
    for (const host of story.lab.hosts) {
      const words = (await linesOf(host, `${uploads}/hooks`)).map((line) => line.split(' ')[0])
      assert.deepEqual(words, ['before', 'after'])
    }
  })

  test('sends only what changed the second time, and links the rest', async () => {
    await writeFile(
      join(appFolder(story.lab.host('h1')), 'shared/config/local.json'),
      '{"from":"a person"}\n',
    )
    await writeFile(join(appFolder(story.lab.host('h1')), `shared/${uploads}/photo`), 'of a cat')
    const bytes = bytesReceived(story.lab)
    lived.push(await story.deployed())
    const sent = bytesReceived(story.lab).map((now, nth) => now - (bytes[nth] ?? 0))
    const [whole, part] = [Math.min(...bytes), Math.max(...sent)]
    assert.ok(part < 300_000 && part < whole / 4, `${part} bytes for one changed line, ${whole} for all`)
    for (const host of story.lab.hosts) {
      const [first, second] = await Promise.all(
        lived.map((release) => inodeOf(host, release, 'filler/part-0/file-0.txt')),
      )
      assert.equal(first, second)
      const [before, after] = await Promise.all(lived.map((release) => inodeOf(host, release, 'release.txt')))
      assert.notEqual(before, after, 'the old release was written into')
    }
  })

  test('keeps shared folders and linked files', async () => {
    const host = story.lab.host('h1')
    const release = `releases/${lived.at(-1)}`
    assert.equal(await sayOf(host, 'cat', `${remoteApp}/${release}/config/local.json`), '{"from":"a person"}')
    assert.equal(await sayOf(host, 'cat', `${remoteApp}/${release}/${uploads}/photo`), 'of a cat')
    const other = story.lab.host('h2')
    const kept = await sayOf(other, 'cat', `${remoteApp}/${release}/config/local.json`)
    assert.equal(kept, '{"from":"the first release"}')
  })

  test('tells what is live, what happened, and that nobody touched the record', async () => {
    const { apps, hosts } = await story.status()
    assert.equal(apps[0]?.release, lived.at(-1))
    assert.deepEqual(
      apps[0]?.hosts.map(({ host, release, fenced }) => [host, release, fenced]),
      ['h1', 'h2', 'h3'].map((host) => [host, lived.at(-1), null]),
    )
    assert.equal(hosts.length, 3)
    const log = must(await story.run(['log', '--json']))
    const { changes } = JSON.parse(log.out) as { changes: { id: string; status: string; why: string }[] }
    assert.deepEqual(
      changes.map(({ id, status, why }) => [id, status, why]),
      [
        ['c2', 'done', ''],
        ['c1', 'done', 'the first one'],
      ],
    )
    const { change, plan, entries } = await story.change('c2')
    assert.equal(change.who, 'ada')
    assert.equal(plan?.settle.length, 6)
    assert.equal(entries.at(-1)?.change, 'c2')
    const verified = must(await story.run(['verify', '--json']))
    assert.match(verified.out, /"bad":null/)
  })

  test('goes back to a release that still runs, without starting anything', async () => {
    lived.push(await story.deployed())
    const units = await Promise.all(['a', 'b'].map((slot) => pidOf(story.lab.host('h1'), webUnit(slot))))
    must(await story.run(['revert', '--why', 'too slow']))
    assert.equal(await story.answered(), lived.at(-2))
    const now = await Promise.all(['a', 'b'].map((slot) => pidOf(story.lab.host('h1'), webUnit(slot))))
    assert.deepEqual(now, units)
    const { entries } = await story.change()
    assert.ok(!entries.some((entry) => entry.type === 'step-started' && entry.step.startsWith('prepare')))
  })

  test('goes further back the second time, to a release that does not run any more', async () => {
    must(await story.run(['revert']))
    assert.equal(await story.answered(), lived[0])
    const last = async () => (await linesOf(story.lab.host('h2'), `${uploads}/worker.txt`)).at(-1)
    await until('the worker is of that release too', async () => (await last())?.split(' ')[0] === lived[0])
    const third = await story.run(['revert'])
    assert.equal(third.code, 1)
    assert.match(third.out + third.err, /first deploy .* nothing to go back to/)
  })

  test('runs no migration and no hook on the way back', async () => {
    const host = story.lab.host('h1')
    assert.equal((await linesOf(host, `${uploads}/migration`)).length, 3)
    assert.equal((await linesOf(host, `${uploads}/hooks`)).length, 6)
  })

  test('undoes everything when the migration fails, and never shows a secret that the app spills', async () => {
    const live = await story.answered()
    await story.repo.commit({ 'fail-migration': '' })
    const failed = await story.run(['deploy'])
    assert.equal(failed.code, 3)
    assert.match(failed.out, /the migration ended with 7/)
    assert.match(failed.out, /column price is missing/)
    assert.equal(await story.answered(), live)
    const { entries } = await story.change()
    assert.ok(!entries.some((entry) => entry.type === 'step-started' && entry.step.startsWith('start')))
    for (const host of story.lab.hosts) {
      const slot = (await fileOf(host, 'live')).trim()
      const running = await sayOf(
        host,
        'systemctl',
        'list-units',
        '--plain',
        '--no-legend',
        `${webUnit('*')}`,
      )
      assert.deepEqual(
        running.split('\n').map((line) => line.split(' ')[0]),
        [webUnit(slot)],
      )
      const slots = await sayOf(host, 'ls', `${remoteApp}/slots`)
      assert.deepEqual(slots.split('\n'), [slot])
    }
    await rm(join(story.repo.folder, 'fail-migration'))
    await story.repo.commit({ spill: '' })
    const spilt = await story.run(['deploy'])
    await rm(join(story.repo.folder, 'spill'))
    assert.equal(spilt.code, 3)
    assert.match(spilt.out, /cannot log in with \[secret\]/)
    assert.ok(!(spilt.out + spilt.err).includes(canary), 'it was shown')
    const here = await run(['grep', '-rlaF', canary, story.folder])
    assert.equal(here.stdout, '', 'it was written down')
    assert.equal(await story.answered(), live)
  })

  test('is done all the same when the hook after it fails, which is called once and told', async () => {
    await story.repo.commit({ 'fail-hooks': 'after' })
    const host = story.lab.host('h1')
    const called = (await linesOf(host, `${uploads}/hooks`)).length
    const ran = must(await story.run(['deploy']))
    assert.match(ran.out, /after h1 failed: the hook after ended with 7/)
    assert.match(ran.out, /is live on 3 of 3 hosts/)
    assert.equal((await linesOf(host, `${uploads}/hooks`)).length, called + 2)
    lived.push(await story.answered())
    await rm(join(story.repo.folder, 'fail-hooks'))
  })

  test('keeps as many releases as it should, and those that something still uses', async () => {
    const host = story.lab.host('h3')
    const used = lived[1] ?? ''
    const holding = ['systemd-run', '--quiet', '--unit', 'holder', '--working-directory']
    await sayOf(host, ...holding, `${remoteApp}/releases/${used}`, 'sleep', '300')
    for (let nth = 0; nth < 4; nth++) lived.push(await story.deployed())
    const failed = 2
    for (const one of story.lab.hosts) {
      const there = await releasesOn(one)
      const wanted = new Set(lived.slice(-3))
      assert.deepEqual(
        lived.filter((release) => there.includes(release)),
        lived.filter((release) => wanted.has(release) || (one === host && release === used)),
      )
      assert.ok(there.length <= 3 + failed + (one === host ? 1 : 0), `${there.length} releases lie there`)
      const live = (await fileOf(one, 'live')).trim() === 'a' ? 'a' : 'b'
      assert.equal(await slotOf(one, live), lived.at(-1))
    }
  })
})

const remoteApp = '/var/lib/tandem/apps/shop.production'

describe('people who are not root', { skip }, () => {
  let story: Story
  const password = { TANDEM_SUDO_PASSWORD: 'correct horse' }

  before(async () => {
    story = await openStory({ hosts: 3, environment: { drain: '1s' } })
  })
  after(() => story.close())

  const as = (users: Readonly<Record<string, string>>) => ({
    host: (name: string) => {
      const user = users[name] ?? 'root'
      const address = `${user}@${story.lab.host(name).address}`
      return user === 'typist' ? ({ address, sudo: 'password' } as const) : { address }
    },
  })

  test('deploy with sudo, with or without a password, and with any shell', async () => {
    await story.write(as({ h1: 'deploy', h2: 'typist', h3: 'cshell' }))
    must(await story.run(['deploy'], password))
    await story.answered()
  })

  test('deploy with a shell of fish, and with one that prints junk, and migrate', async () => {
    const before = await story.answered()
    const app = { migrate: 'echo migrated' }
    await story.write({ ...as({ h1: 'fisher', h2: 'chatty', h3: 'deploy' }), app })
    await story.repo.commit()
    const ran = must(await story.run(['deploy']))
    assert.match(ran.out, /h1 +migrate done/)
    assert.notEqual(await story.answered(), before)
  })

  test('run one program on each host for a deploy that does not migrate', async () => {
    const sessions = async () =>
      Promise.all(
        story.lab.hosts.map(
          async (host) => (await sayOf(host, 'ls', '/var/lib/tandem/runs')).split('\n').length,
        ),
      )
    await story.write(as({}))
    const before = await sessions()
    await story.repo.commit()
    must(await story.run(['deploy']))
    const after = await sessions()
    assert.deepEqual(
      after.map((count, nth) => count - (before[nth] ?? 0)),
      [1, 1, 1],
      'one run stays of each program, and none of a look',
    )
  })

  test('hear once that the password of sudo is wrong, and nothing is touched', async () => {
    const live = await story.answered()
    await story.write(as({ h2: 'typist' }))
    await story.repo.commit()
    const wrong = await story.run(['deploy'], { TANDEM_SUDO_PASSWORD: 'wrong pony' })
    assert.equal(wrong.code, 1)
    assert.match(wrong.out, /sudo on h2 does not take the password/)
    assert.equal(wrong.out.match(/✗/g)?.length, 1)
    const none = await story.run(['deploy'])
    assert.equal(none.code, 1)
    assert.match(none.out, /set TANDEM_SUDO_PASSWORD/)
    assert.equal(await story.answered(), live)
    const { change } = await story.change()
    assert.equal(change.status, 'refused')
    const journal = await sayOf(
      story.lab.host('h1'),
      'sh',
      '-c',
      'ls /var/lib/tandem/runs | grep -v look- | wc -l',
    )
    const { apps } = await story.status()
    assert.equal(apps[0]?.release, live)
    assert.ok(Number(journal) > 0)
  })
})
