import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

async function makeProject(t: TestContext, inside: string) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-repo-new-'))
  t.after(() => rm(dir, { recursive: true }))
  const file = join(dir, 'tandem.ts')
  await writeFile(file, `import { tandem } from 'tandem'\nexport default tandem({\n${inside}})\n`)
  const exec = async (line: string) => {
    const world = makeFakeWorld({ cwd: dir })
    const exit = await main(line.split(' '), world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  return { exec, text: () => readFile(file, 'utf8') }
}

test('a repository more is a line more, and it is said where to push', async (t) => {
  const { exec, text } = await makeProject(
    t,
    "  url: 'https://hub.example.org',\n  repos: {\n    // The shop.\n    shop: { largest: '2M' },\n  },\n",
  )
  const { exit, out, err } = await exec('repo new desk')
  assert.equal(exit, 0, err)
  assert.match(out, /^next: git remote add tandem https:\/\/hub\.example\.org\/git\/desk\.git$/m)
  assert.match(await text(), /\/\/ The shop\.\n {4}shop: \{ largest: '2M' \},\n {4}desk: \{\},\n {2}\},/)
  const made = JSON.parse((await exec('repo new till --json')).out)
  assert.deepEqual(made, { repo: 'till', file: 'tandem.ts', url: 'https://hub.example.org/git/till.git' })
})

test('the first one brings its list', async (t) => {
  const { exec, text } = await makeProject(t, "  people: { ada: { name: 'Ada', may: 'everything' } },\n")
  const { exit, out, err } = await exec('repo new shop')
  assert.equal(exit, 0, err)
  assert.match(out, /YOUR-HUB\/git\/shop\.git/)
  assert.match(await text(), /^ {2}repos: \{\n {4}shop: \{\},\n {2}\},$/m)
})

test('a name that is taken, or is none, is refused before anything is written', async (t) => {
  const { exec, text } = await makeProject(t, '  repos: { shop: {} },\n')
  const before = await text()
  assert.match((await exec('repo new shop')).err, /there is a repository called shop already/)
  assert.notEqual((await exec('repo new ../shop')).exit, 0)
  assert.equal((await exec('repo new')).exit, 2)
  assert.equal((await exec('repo lose shop')).exit, 2)
  assert.equal(await text(), before)
})
