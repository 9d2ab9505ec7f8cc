import assert from 'node:assert/strict'
import { after as afterAll, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { sayOf } from './lab/host-look.ts'
import { moved, treeOf } from './lab/host-tree.ts'
import { type InfraStory, openInfraStory, type Recipe } from './lab/infra-story.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

type Mistake = Readonly<{
  name: string
  recipe: string | Recipe
  /** What is wrong, where it stands, and what to do. */
  what: string | RegExp
  where: string | RegExp
  now: string
  code?: number
}>

const mistakes: readonly Mistake[] = [
  {
    name: 'an option that no word has',
    recipe: `return file('/etc/story', { contents: 'x' })`,
    what: `unknown key 'contents' in file (/etc/story)`,
    where: 'h1 · web.ts:3:8',
    now: `did you mean 'content'?`,
  },
  {
    name: 'two resources that want the same',
    recipe: `return [file('/etc/story', { content: 'a' }),\nfile('/etc/story', { content: 'b' })]`,
    what: 'path /etc/story belongs to file /etc/story #2 and to file /etc/story (web.ts:3:9)',
    where: 'h1 · web.ts:4:1',
    now: 'say all of it in one of them, and leave it out of the other',
  },
  {
    name: 'a variable that a template does not get',
    recipe: {
      body: `return template('/etc/story', { source: 'story.tpl', vars: {} })`,
      files: { 'story.tpl': 'a\n{{nmae}}\n' },
    },
    what: 'story.tpl:2: the template says {{nmae}}, and there is no such variable (template /etc/story)',
    where: 'h1 · web.ts:3:8',
    now: 'known: host',
  },
  {
    name: 'a recipe that throws',
    recipe: `throw new Error('no luck with ' + host.name)`,
    what: `the recipe 'web' for h1 failed: no luck with h1`,
    where: 'web.ts:3:7',
    now: 'correct it there; tandem.ts is run to be read, so it must not fail',
  },
  {
    name: 'a recipe that never ends',
    recipe: `for (;;) {}`,
    what: /the recipe 'web' for h1 was not done after 5\.\d+ s and was stopped/,
    where: /tandem\.ts:\d+:\d+/,
    now: 'look for a loop or a wait in it',
  },
  {
    name: 'a file whose owner nobody makes',
    recipe: `return file('/etc/story', { content: 'a', owner: 'nobody-made-me' })`,
    what: 'file /etc/story: the user nobody-made-me, who shall own it, is not there and no resource makes one',
    where: 'h1 · web.ts:3:8',
    now: `add user('nobody-made-me') before it`,
  },
  {
    name: 'a package that no mirror has',
    recipe: `return [file('/etc/story', { content: 'a' }), apt('no-such-package-anywhere')]`,
    what: 'apt no-such-package-anywhere (web.ts:3:47, operation 2): `apt-get install no-such-package-anywhere` ended with 100',
    where: 'h1 · exit 1',
    now: 'read its last lines; apply again when apt works there',
    code: 3,
  },
]

/** What stands behind a mark at the beginning of the only line that begins so. */
function after(said: string, mark: string): string {
  const found = said.split('\n').filter((line) => line.startsWith(`${mark} `))
  assert.equal(found.length, 1, `${found.length} lines begin with ${mark} in:\n${said}`)
  return (found[0] ?? '').slice(mark.length + 1)
}

const exactly = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)

describe('an infrastructure with a mistake', { skip, concurrency: 1 }, () => {
  let story: InfraStory
  let fresh: readonly string[]
  before(async () => {
    story = await openInfraStory({ hosts: 1 })
    fresh = await treeOf(story.lab.host('h1'))
  })
  afterAll(() => story.close())

  for (const { name, recipe, what, where, now, code = 1 } of mistakes) {
    test(`says once what is wrong: ${name}`, async () => {
      await story.say(recipe)
      const ran = await story.run(['apply'])
      const said = ran.out + ran.err
      assert.equal(ran.code, code, said)
      for (const [mark, part] of [
        ['✗', what],
        ['  where', where],
        ['  now  ', now],
      ] as const)
        assert.match(after(said, mark), part instanceof RegExp ? part : exactly(part), said)
      assert.deepEqual(moved(fresh, await treeOf(story.lab.host('h1'))), [])
    })
  }

  const both = `return [file('/etc/story', { content: 'a' }), apt('sl')]`

  test('says that a mirror is dead, and puts back what was written before', async () => {
    const host = story.lab.host('h1')
    const sources = await sayOf(
      host,
      'sh',
      '-c',
      'cat /etc/apt/sources.list; rm -rf /var/lib/apt/lists; mkdir /var/lib/apt/lists',
    )
    await sayOf(host, 'sh', '-c', `echo 'deb http://127.0.0.1:9/debian bookworm main' >/etc/apt/sources.list`)
    await story.say(both)
    const { code, out } = await story.run(['apply'])
    assert.equal(code, 3, out)
    assert.match(out, /apt sl \(web\.ts:3:\d+, operation \d\).*ended with 100/)
    assert.match(out, /127\.0\.0\.1/)
    assert.equal((await host.exec(['test', '-e', '/etc/story'])).code, 1)
    await sayOf(host, 'sh', '-c', `printf '%s\\n' "$1" >/etc/apt/sources.list`, '_', sources)
    assert.deepEqual(moved(fresh, await treeOf(host)), [])
  })

  test('mends packages that somebody left half done, and says so', async () => {
    const host = story.lab.host('h1')
    const half =
      'apt-get -q update && cd /tmp && apt-get -q download tree && dpkg --unpack tree_*.deb && rm tree_*.deb'
    await sayOf(host, 'sh', '-c', half)
    await story.say(both)
    const out = await story.applied('--verbose')
    assert.match(out, /dpkg --configure -a, because a transaction was cut off earlier/)
    assert.equal(await sayOf(host, 'dpkg', '--audit'), '')
    await story.rests()
  })

  test('finds that the disk is full before it writes', async () => {
    const host = story.lab.host('h1')
    await story.say(`return file('/etc/story', { content: 'b'.repeat(3_000_000) })`)
    const before = await treeOf(host)
    // Room for a program and not for its bytes, and room for neither: then nothing can be put back, and nothing need be.
    for (const left of [1024 * 1024, 0]) {
      host.fill(left)
      const { code, out } = await story.run(['apply'])
      host.empty()
      assert.equal(code, 3, out)
      assert.match(out, /h1 cannot write what it was sent, so nothing was run/)
      assert.match(out, /now {3}look at the free space and inodes of its disk: df -h; df -i/)
      assert.deepEqual(moved(before, await treeOf(host)), [])
    }
  })

  test('says that a host is no Debian', async () => {
    const host = story.lab.host('h1')
    await sayOf(
      host,
      'sh',
      '-c',
      `mv /usr/bin/dpkg-query /usr/bin/dpkg-query.away; mv /usr/bin/dpkg /usr/bin/dpkg.away`,
    )
    await story.say(`return apt('sl')`)
    const { code, out, err } = await story.run(['plan'])
    await sayOf(
      host,
      'sh',
      '-c',
      `mv /usr/bin/dpkg-query.away /usr/bin/dpkg-query; mv /usr/bin/dpkg.away /usr/bin/dpkg`,
    )
    assert.equal(code, 1)
    assert.match(out + err, /h1 is not Debian: there is no dpkg/)
  })
})
