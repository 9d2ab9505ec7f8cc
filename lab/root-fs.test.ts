import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { labNeeds } from './needs.ts'
import { labRecipe, recipeHash, rootFs } from './root-fs.ts'

test('a change to any part of the recipe asks for another root file system', () => {
  const recipe = labRecipe()
  const changed = [
    { ...recipe, suite: 'trixie' },
    { ...recipe, mirror: 'http://mirror.example/debian' },
    { ...recipe, packages: [...recipe.packages, 'nginx'] },
    { ...recipe, inside: `${recipe.inside}# more\n` },
  ]
  assert.equal(new Set([recipe, ...changed].map(recipeHash)).size, changed.length + 1)
  assert.equal(recipeHash(recipe), recipeHash(labRecipe()))
})

test('a root file system in the cache is taken as it is', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'tandem-cache-'))
  const built = join(cache, `rootfs-${recipeHash(labRecipe())}`)
  await mkdir(built)
  const said: string[] = []
  assert.equal(await rootFs((line) => said.push(line), labRecipe(), cache), built)
  assert.deepEqual(said, [])
  await rm(cache, { recursive: true })
})

test('a build that fails leaves nothing that passes for a root file system', async (t) => {
  if (labNeeds().length > 0) return t.skip(`no lab on this machine: ${labNeeds().join('; ')}`)
  const cache = await mkdtemp(join(tmpdir(), 'tandem-cache-'))
  const recipe = { ...labRecipe(), mirror: 'http://127.0.0.1:9/debian' }
  const abandoned = join(cache, 'rootfs-000000000000.half')
  await mkdir(abandoned)
  await writeFile(join(abandoned, 'file'), '')
  await assert.rejects(
    rootFs(() => undefined, recipe, cache),
    /debootstrap/,
  )
  assert.equal(existsSync(join(cache, `rootfs-${recipeHash(recipe)}`)), false)
  assert.equal(existsSync(abandoned), false)
  await rm(cache, { recursive: true })
})
