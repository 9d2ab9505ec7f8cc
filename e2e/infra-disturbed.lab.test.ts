import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { moved, treeOf } from './lab/host-tree.ts'
import { sayOf } from './lab/host-look.ts'
import { type InfraStory, openInfraStory } from './lab/infra-story.ts'
import { until } from './lab/until.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

describe('an apply that is disturbed', { skip, concurrency: 1 }, () => {
  let story: InfraStory
  const slow = (text: string, command = 'sleep 60'): string => `
    const first = file('/etc/story', { content: '${text}\\n' })
    const wait = exec('a slow step', {
      command: '${command}; touch /srv/${text}', creates: '/srv/${text}', undo: 'rm -f /srv/${text}', after: first,
    })
    return [first, wait, file('/etc/story-too', { content: '${text}\\n', after: wait })]`
  before(async () => {
    story = await openInfraStory({ hosts: 2 })
    await story.say({ body: slow('first', 'true'), stages: ['rest'] })
    await story.applied()
  })
  after(() => story.close())

  test('is undone when its person presses Ctrl-C', async () => {
    const trees = await Promise.all(story.lab.hosts.map((host) => treeOf(host)))
    await story.say({ body: slow('second'), stages: ['rest'] })
    const applying = story.begin(['apply'])
    await applying.until(/h2 +apply begins/)
    await until(
      'the file is there',
      async () => (await sayOf(story.lab.host('h2'), 'cat', '/etc/story')) === 'second',
    )
    applying.signal('SIGINT')
    const ended = await applying.ended
    assert.equal(ended.code, 3, ended.out + ended.err)
    assert.match(ended.out, /was undone: everything is as before/)
    const now = await Promise.all(story.lab.hosts.map((host) => treeOf(host)))
    assert.deepEqual(
      now.map((tree, nth) => moved(trees[nth] ?? [], tree)),
      [[], []],
    )
  })

  test('lets apt come to its end when it is stopped, and takes back what that brought', async () => {
    const host = story.lab.host('h1')
    const hooks =
      'DPkg::Pre-Invoke {"touch /run/apt-begun; sleep 4";}; DPkg::Post-Invoke {"touch /run/apt-ended";};'
    await writeFile(join(host.root, 'etc/apt/apt.conf.d/99slow'), hooks)
    await story.say({ body: `${slow('first', 'true').replace(']', ", apt('sl')]")}`, stages: ['rest'] })
    const applying = story.begin(['apply', 'h1'])
    await until('apt is at work', async () => (await sayOf(host, 'ls', '/run')).includes('apt-begun'))
    applying.signal('SIGINT')
    const ended = await applying.ended
    await sayOf(host, 'rm', '/etc/apt/apt.conf.d/99slow')
    assert.equal(ended.code, 3, ended.out + ended.err)
    assert.match(
      await sayOf(host, 'grep', ' sl:', '/var/log/dpkg.log'),
      / status installed sl:/,
      'it was not killed',
    )
    assert.equal(
      await sayOf(host, 'sh', '-c', 'dpkg --audit; dpkg-query -W sl 2>/dev/null || echo none'),
      'none',
    )
  })

  test('waits for the one before it, and says for whom', async () => {
    await story.hub.start()
    await story.say({ body: slow('third', 'sleep 6'), stages: ['rest'] })
    const first = story.begin(['apply', 'h1'])
    await first.until(/apply begins/)
    const second = story.begin(['apply', 'h2'])
    await second.until(/waits|its turn/)
    const ends = await Promise.all([first.ended, second.ended])
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
    )
    assert.match(ends[1].out, /waits for/)
    await story.rests()
  })

  test('goes on when a host dies in the middle, which is fenced, and healed when it is back', async () => {
    await story.say({ body: slow('fourth', 'sleep 4'), stages: ['rest'] })
    const host = story.lab.host('h2')
    const applying = story.begin(['apply'])
    await applying.until(/h2 +apply begins/)
    await until('the file is there', async () => (await sayOf(host, 'cat', '/etc/story')) === 'fourth')
    await host.kill()
    const ended = await applying.ended
    await host.boot()
    const settled = async (): Promise<boolean> => {
      const texts = await Promise.all(
        story.lab.hosts.flatMap((one) =>
          ['/etc/story', '/etc/story-too'].map((path) => sayOf(one, 'cat', path)),
        ),
      )
      return new Set(texts).size === 1
    }
    await until(`all are alike again after: ${ended.out}`, settled, 180_000)
    await story.applied()
    await story.rests()
  })
})
