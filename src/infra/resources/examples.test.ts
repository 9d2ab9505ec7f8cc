import assert from 'node:assert/strict'
import { cp, readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { readRecipes } from '../../config/infra/recipes.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { lowerAll } from '../recipe/lower.ts'
import { readSaid } from '../recipe/read.ts'
import { secretsIn } from '../recipe/reveal.ts'
import { sorts } from '../recipe/sorts.ts'
import { tryWorld } from './try-sort.ts'

const root = join(import.meta.dirname, '../../..')
const folder = join(root, 'examples/recipes')
const pages = join(root, 'docs/guide/resources')

const names = async (place: string, ending: string) =>
  (await readdir(place)).filter((name) => name.endsWith(ending)).map((name) => basename(name, ending))

const kebab = (word: string) => word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** One word in which a value would show that nobody can tell it from a crypted password. */
const value = '$y$j9T$abc$0123456789abcdefghij'

test('every recipe of the examples is made of things, with its own word among them', async () => {
  const { host } = tryWorld()
  const recipes = await names(folder, '.ts')
  const roles = recipes.map((name, nth) => `${JSON.stringify(name)}: r${nth}`)
  const imports = recipes.map((name, nth) => `import { recipe as r${nth} } from './recipes/${name}.ts'\n`)
  const tandem = `import { tandem } from 'tandem'\n${imports.join('')}export default tandem({ roles: { ${roles.join(', ')} } })\n`
  await using project = await scratchProject({ 'tandem.ts': tandem })
  await cp(folder, join(project.dir, 'recipes'), { recursive: true })
  const hosts = recipes.map((name) => ({ ...host, name, roles: [name] }))
  const { said } = await readRecipes(project.dir, hosts)
  for (const name of recipes) {
    const resources = readSaid(name, said.get(name) ?? [])
    assert.ok(
      resources.some(({ type }) => kebab(type) === name),
      `${name}.ts does not say ${name}`,
    )
    const secrets = new Map(secretsIn(JSON.stringify(said.get(name))).map((secret) => [secret, value]))
    const bytesOf = (path: string, at: { file: string }) =>
      readFile(join(project.dir, dirname(at.file), path))
    const lowered = await lowerAll(resources, { host: { ...host, name }, bytesOf, secrets })
    for (const { resource, things } of lowered) {
      // A command on a change of others is what those owe, and no thing of its own.
      const owed = sorts.get(resource.type)?.owedBy?.(resource) ?? []
      assert.notEqual(things.length + owed.length, 0, resource.id)
    }
  }
})

test('every sort of resource has an example and a page, which tells all its options', async () => {
  const told = new Set(await names(pages, '.md'))
  const index = await readFile(join(pages, 'README.md'), 'utf8')
  assert.deepEqual((await names(folder, '.ts')).toSorted(), [...sorts.keys()].map(kebab).toSorted())
  for (const name of [...sorts.keys()].map(kebab)) {
    assert.ok(index.includes(`](${name}.md)`), `docs/guide/resources/README.md does not name ${name}`)
    assert.ok(told.has(name), `docs/guide/resources/${name}.md is not there`)
    const text = await readFile(join(pages, `${name}.md`), 'utf8')
    assert.ok(text.includes(`<!-- from examples/recipes/${name}.ts -->`), `${name}.md shows no example`)
    const sort = [...sorts.values()].find(({ type }) => kebab(type) === name)
    const shape: unknown = Reflect.get(Object(sort?.options), 'shape')
    for (const option of Object.keys(Object(shape)).filter((key) => key !== 'after'))
      assert.ok(text.includes(`| \`${option}\` |`), `${name}.md does not tell of ${option}`)
  }
})
