import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { checkOut } from './check-out.ts'
import { git } from './git.ts'
import { refuseUnfit, treeLimits } from './tree-limits.ts'

describe('a commit that cannot be laid out', () => {
  let dir = ''
  const must = async (args: readonly string[], input: string | null = null): Promise<string> => {
    const said = await git(dir, args, { input, env: person })
    assert.equal(said.code, 0, said.err)
    return said.out.trim()
  }
  const tree = (items: readonly string[]): Promise<string> => must(['mktree'], `${items.join('\n')}\n`)
  const laid = async (top: string): Promise<void> => {
    const hash = await must(['commit-tree', '-m', 'x', top])
    await checkOut(dir, { hash, tree: top, subject: 'x', author: '', at: 0 }, join(dir, 'out'))
  }
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tandem-tree-'))
    await must(['init', '--quiet', '--bare'])
  })
  after(() => rm(dir, { recursive: true, force: true }))

  test('is refused where its paths are longer than can be removed again', async () => {
    let inner = await tree([`100644 blob ${await must(['hash-object', '-w', '--stdin'], 'x')}\tf`])
    for (let depth = 0; depth < 400; depth += 1) inner = await tree([`040000 tree ${inner}\td`])
    await laid(inner)
    for (let depth = 0; depth < 200; depth += 1) inner = await tree([`040000 tree ${inner}\td`])
    await rm(join(dir, 'out'), { recursive: true })
    await assert.rejects(laid(inner), /it has a path of over 1024 bytes/)
    assert.deepEqual(await readdir(join(dir, 'out')), [])
  })

  test('is refused where a few folders stand for more files than anybody has', async () => {
    let items = [`100644 blob ${await must(['hash-object', '-w', '--stdin'], 'y')}\tf`]
    for (let level = 0; level < 4; level += 1) {
      const inner = await tree(items)
      items = Array.from({ length: 10 }, (_, nth) => `040000 tree ${inner}\td${nth}`)
    }
    await assert.rejects(
      refuseUnfit(dir, { gitDir: dir, tree: await tree(items) }, { ...treeLimits, files: 9_000 }),
      /it has over 9000 files/,
    )
  })
})

const person = {
  GIT_AUTHOR_NAME: 'ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}
