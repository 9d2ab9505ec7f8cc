import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from './lab/until.ts'
import { checkoutIn, serveHub, twoPeople } from './repos/served-hub.ts'

test(
  'pushes go on to a mirror, branches that go as well, and trouble is told once',
  { timeout: 300_000 },
  async () => {
    const copy = await serveHub(`${twoPeople}, repos: { copy: { protect: ['kept'] } }`)
    const hub = await serveHub(`${twoPeople}, repos: { shop: { protect: ['main'] } }`)
    try {
      const good = copy.clone('copy')
      const bad = `${copy.url.replace('//', '//x:hushhush@')}/git/copy.git`
      const text = `import { tandem } from 'tandem'\nexport default tandem({ ${twoPeople}, repos: { shop: { mirrors: ['${good}', '${bad}'] } } })\n`
      await writeFile(join(hub.dir, 'tandem.ts'), text)
      const ada = await checkoutIn(join(hub.dir, 'ada'), hub.clone('shop'))
      const there = async () =>
        (await ada.must('ls-remote', good, 'refs/*')).split('\n').map((line) => line.split('\t')[1])
      await ada.commit('First', { 'a.txt': 'one\n' })
      await ada.must('tag', 'v1')
      await ada.must('push', '--quiet', 'tandem', 'main', 'main:other', 'v1')
      const all = 'refs/heads/main refs/heads/other refs/tags/v1'
      await until('the mirror has all', async () => (await there()).join(' ') === all)
      await ada.must('push', '--quiet', 'tandem', ':other')
      await until(
        'a branch that is gone is gone there',
        async () => !(await there()).includes('refs/heads/other'),
      )
      const told = async () => (await hub.asides('shop')).filter((aside) => aside.type === 'mirrored')
      await until('both results are told', async () => (await told()).length === 2)
      assert.equal((await told()).find(({ to }) => to === good)?.trouble, null)
      const trouble = (await told()).find(({ to }) => to === bad)?.trouble ?? ''
      assert.match(trouble, /fatal/)
      assert.doesNotMatch(trouble, /hushhush/)
      assert.deepEqual([...hub.broken, ...copy.broken], [])
    } finally {
      await Promise.all([hub.close(), copy.close()])
    }
  },
)
