import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

test('a project gets a tandem.ts that the next command can use, once', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-begin-'))
  t.after(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'package.json'), '{"name":"blog","scripts":{"start":"node server.js"}}')
  const first = makeFakeWorld({ cwd: dir })
  assert.equal(await main(['init'], first), 0)
  assert.equal(existsSync(join(dir, 'tandem.ts')), true)
  assert.match(first.outs.at(-1) ?? '', /^next: /)
  const again = makeFakeWorld({ cwd: dir })
  assert.equal(await main(['init'], again), 1)
  assert.match(again.errs.join('\n'), /there is a tandem\.ts here already/)
  const status = makeFakeWorld({ cwd: dir, home: dir, user: userInfo().username })
  assert.equal(await main(['status', '--json'], status), 0, status.errs.join('\n'))
  assert.equal(JSON.parse(status.outs.join('')).apps[0].app, 'blog')
})
