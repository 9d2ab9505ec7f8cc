import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { mustRun } from '../lab/run.ts'
import { fingerprintOf } from '../src/remote/host-key.ts'
import { openStore } from '../src/store/open.ts'
import { sayOf } from './lab/host-look.ts'
import { must, openStory, type Story, teamOn, textOf } from './lab/story.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

describe('people who make a mistake', { skip }, () => {
  let story: Story
  let live = ''

  before(async () => {
    story = await openStory({ hosts: 2 })
    live = await story.deployed()
  })
  after(() => story.close())

  const write = (text: string): Promise<void> => writeFile(join(story.folder, 'tandem.ts'), text)
  const usual = (): string => textOf(teamOn(story.lab, {}))

  /** How often somebody has logged in on the hosts. */
  const logins = async (): Promise<number> => {
    const counts = await Promise.all(
      story.lab.hosts.map((host) =>
        sayOf(host, 'sh', '-c', 'journalctl -u ssh -o cat | grep -c Accepted || true'),
      ),
    )
    return counts.reduce((sum, count) => sum + Number(count), 0)
  }

  const names: readonly (readonly [words: string, code: number, said: RegExp])[] = [
    ['deploy shp', 2, /no app called 'shp'[^]*did you mean 'shop'\?/],
    ['deploy shop --to prodction', 2, /no environment called 'prodction'[^]*did you mean 'production'\?/],
    ['deploy shop mian', 1, /no commit called mian[^]*did you mean main\?/],
    ['host accept h22', 2, /no host h22 in tandem\.ts[^]*did you mean h2\?/],
    ['dploy', 2, /no command 'dploy'[^]*deploy/],
    ['deploy --two', 2, /--two[^]*--to/],
    ['revert c99', 1, /there is no change c99/],
    ['show c99', 1, /there is no change c99/],
  ]
  for (const [words, code, said] of names) {
    test(`are told what they meant by tandem ${words}`, async () => {
      const ran = await story.run(words.split(' '))
      assert.match(ran.out + ran.err, said)
      assert.equal(ran.code, code)
      assert.equal(await story.answered(), live)
    })
  }

  const mistakes: readonly (readonly [what: string, from: string, to: string, said: RegExp])[] = [
    ['a typo', '"health"', '"helth"', /helth[^]*health/],
    ['a wrong type', '"port": 3000', '"port": "3000"', /port/],
    ['a role that no host has', '"on": [\n            "web"', '"on": [\n            "wep"', /wep[^]*web/],
  ]
  for (const [what, from, to, said] of mistakes) {
    test(`are told of ${what} in tandem.ts with its line, before anything connects`, async () => {
      const text = usual()
      assert.ok(text.includes(from), 'the test alters nothing')
      await write(text.replace(from, to))
      const line = text.slice(0, text.indexOf(from)).split('\n').length + (to.split('\n').length - 1)
      const before = await logins()
      const times: number[] = []
      // The quickest tells; the others may have waited for a busy processor besides.
      for (let nth = 0; nth < 20 && !(Math.min(...times) < 1_000); nth++) {
        const ran = await story.run(['deploy'])
        times.push(ran.ms)
        assert.equal(ran.code, 2)
        assert.match(ran.out + ran.err, said)
        assert.match(ran.out + ran.err, new RegExp(`tandem\\.ts:${line}`))
      }
      assert.ok(Math.min(...times) < 1_000, `it took ${times.join(', ')} ms`)
      assert.equal(await logins(), before)
      await write(usual())
    })
  }

  test('are warned that uncommitted files are not part of the release', async () => {
    await writeFile(join(story.repo.folder, 'release.txt'), 'not committed')
    const planned = must(await story.run(['plan', 'deploy']))
    assert.match(planned.out, /1 uncommitted file is not part of this release/)
    const ran = must(await story.run(['deploy']))
    assert.match(ran.out, /1 uncommitted file is not part of this release/)
    assert.equal(await story.answered(), live)
    await mustRun(['git', '-C', story.repo.folder, 'checkout', '--quiet', '.'])
  })

  test('deploy from a shallow checkout, and are told why an older commit is not there', async () => {
    await story.repo.commit()
    const shallow = join(story.folder, 'shallow')
    await mustRun(['git', 'clone', '--quiet', '--depth', '1', `file://${story.repo.folder}`, shallow])
    const old = await mustRun(['git', '-C', story.repo.folder, 'rev-parse', 'HEAD~1'])
    await story.write({ app: { repo: './shallow' } })
    const ran = await story.run(['deploy', 'shop', old.trim()])
    assert.equal(ran.code, 1)
    assert.match(ran.out, /the checkout is shallow: `git fetch --unshallow` brings the rest/)
    must(await story.run(['deploy']))
    assert.notEqual(await story.answered(), live)
    live = await story.answered()
    await story.write({})
  })

  test('reach no host whose key nobody has accepted, and are told how to accept it', async () => {
    await story.repo.commit()
    const [first, second] = story.lab.hosts.map(({ hostKey }) => hostKey.split(' ').slice(1, 3).join(' '))
    const wanted = `,\n      "hostKey": "${second}"`
    assert.ok(usual().includes(wanted))
    await write(usual().replace(wanted, ''))
    const ran = await story.run(['deploy'])
    assert.equal(ran.code, 1)
    assert.match(ran.out, /the host key of h2 has not been accepted yet[^]*tandem host accept h2/)
    const shown = await story.run(['host', 'accept', 'h2'])
    assert.ok(shown.out.includes(second ?? '?') && shown.out.includes(fingerprintOf(second ?? '')), shown.out)
    await write(usual().replace(second ?? '?', first ?? '?'))
    const changed = await story.run(['deploy'])
    assert.equal(changed.code, 1)
    assert.match(changed.out, /h2 shows another host key than the accepted one/)
    assert.ok(changed.out.includes(fingerprintOf(second ?? '')), 'it does not say which key was shown')
    await write(usual())
    assert.equal(await story.answered(), live)
  })

  test('with an expired token are told to ask for another', async () => {
    await story.hub.start()
    const store = await openStore(story.stateDir)
    const yesterday = Date.now() - 86_400_000
    const { secret } = await store.tokens.create('ada', 'old', yesterday - 1, yesterday)
    await store.close()
    const { url } = JSON.parse(await readFile(join(story.stateDir, 'hub.json'), 'utf8')) as { url: string }
    const ran = await story.run(['deploy'], { TANDEM_HUB: url, TANDEM_TOKEN: secret })
    assert.equal(ran.code, 1)
    assert.match(ran.out + ran.err, /this token has expired[^]*tandem token new/)
    await story.hub.stop()
  })

  test('who alter the ledger by hand are found out', async () => {
    must(await story.run(['verify']))
    const { entries } = await story.change('c1')
    const victim = entries[2]
    assert.ok(victim !== undefined)
    const database = new DatabaseSync(join(story.stateDir, 'tandem.db'))
    database.exec('drop trigger entries_are_not_updated')
    const altering = database.prepare("update entries set line = replace(line, 'ada', 'eve') where seq = ?")
    altering.run(entries[0]?.seq ?? 0)
    database.close()
    const ran = await story.run(['verify'])
    assert.equal(ran.code, 4)
    assert.match(ran.out, new RegExp(`entry ${entries[0]?.seq} of the ledger does not fit`))
  })
})
