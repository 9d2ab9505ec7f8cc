import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from './lab/until.ts'
import { checkoutIn, serveHub, twoPeople } from './repos/served-hub.ts'

test(
  'pushes go on to a mirror, branches that go as well, and trouble is told once',
  { timeout: 90_000 },
  async () => {
    const copy = await serveHub(`${twoPeople}, repos: { copy: { protect: ['kept'] } }`)
    const token = copy.secret('ada')
    const hub = await serveHub(`${twoPeople}, repos: { shop: { protect: ['main'] } }`, {
      COPY: token,
      OLD: 'hushhush-of-yesterday',
    })
    const arguments_ = watchArguments(token)
    try {
      const to = `${copy.url}/git/copy.git`
      const mirrors = [
        { to, token: 'COPY' },
        { to: `${to}?`, token: 'OLD' },
        { to: `${to}#`, token: 'NONE' },
      ]
      const repos = { shop: { mirrors } }
      const text = `import { tandem } from 'tandem'\nexport default tandem({ ${twoPeople}, repos: ${JSON.stringify(repos)} })\n`
      await writeFile(join(hub.dir, 'tandem.ts'), text)
      const ada = await checkoutIn(join(hub.dir, 'ada'), hub.clone('shop'))
      const there = async () =>
        (await ada.must('ls-remote', copy.clone('copy'), 'refs/*'))
          .split('\n')
          .map((line) => line.split('\t')[1])
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
      await until('all results are told', async () => (await told()).length === 3)
      const troubles = new Map((await told()).map((aside) => [aside.to, aside.trouble]))
      assert.equal(troubles.get(to), null)
      assert.match(troubles.get(`${to}?`) ?? '', /fatal/)
      assert.match(troubles.get(`${to}#`) ?? '', /the secret NONE is not set/)
      const written = JSON.stringify(await told())
      assert.doesNotMatch(written, /hushhush/)
      assert.ok(!written.includes(token))
      assert.deepEqual([...hub.broken, ...copy.broken], [])
    } finally {
      await Promise.all([hub.close(), copy.close()])
    }
    assert.deepEqual(arguments_.stop(), [])
  },
)

/** Command lines of this machine that show a secret, but for those of the test itself. */
function watchArguments(secret: string): Readonly<{ stop: () => readonly string[] }> {
  const found: string[] = []
  const inHeaders = Buffer.from(`x-access-token:${secret}`).toString('base64')
  const look = (): void => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const line = lineOf(pid)
      const isShown = line.includes(secret) && !/x:tdm_/.test(line)
      if (isShown || line.includes(inHeaders)) found.push(line)
    }
  }
  const timer = setInterval(look, 5)
  return {
    stop: () => {
      clearInterval(timer)
      return found
    },
  }
}

function lineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
