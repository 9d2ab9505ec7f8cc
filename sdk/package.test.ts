import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const root = join(import.meta.dirname, '..')

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`)
  return stdout
}

/** Every Node from 20 on that is on the PATH, and the one that runs this. */
function nodes(): readonly string[] {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'))
  const found = new Map<string, string>()
  for (const node of [process.execPath, ...onPath]) {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? ''
    if (Number(/^v(\d+)/.exec(version)?.[1] ?? 0) >= 20) found.set(version.trim(), node)
  }
  return [...found.values()]
}

const program = `
  import assert from 'node:assert/strict'
  import { flagsOf, mistakesOfSet } from '@tandem/sdk'
  import { connect } from '@tandem/sdk/server'
  import { WebFlags } from '@tandem/sdk/web'
  import { TandemProvider } from '@tandem/sdk/openfeature-server'
  import { TandemWebProvider } from '@tandem/sdk/openfeature-web'
  const a = { type: 'boolean', on: true, variants: { on: true }, default: 'on', off: null }
  assert.deepEqual(mistakesOfSet({ flags: { a }, segments: {} }), [])
  assert.equal(flagsOf({ flags: { a }, segments: {} }).boolean('a', false), true)
  const flags = await connect({ hub: 'http://127.0.0.1:9', key: 'k', waitMs: 50, onTrouble: () => {} })
  assert.equal(flags.status().state, 'empty')
  assert.equal(flags.boolean('a', true), true)
  await flags.close()
  assert.equal(new TandemProvider(flags).metadata.name, 'tandem')
  assert.equal(new TandemWebProvider({ hub: 'http://127.0.0.1:9', key: 'k' }).runsOn, 'client')
  assert.equal(typeof WebFlags, 'function')
  console.log('well')
`

const typed = `
  import { type Context, flagsOf, type Flag } from '@tandem/sdk'
  import { connect, type LiveFlags } from '@tandem/sdk/server'
  import { connectWeb } from '@tandem/sdk/web'
  import { TandemProvider } from '@tandem/sdk/openfeature-server'
  const a: Flag = { type: 'boolean', on: true, variants: { on: true }, default: 'on', off: null }
  const context: Context = { targetingKey: 'u', plan: 'gold' }
  const yes: boolean = flagsOf({ flags: { a }, segments: {} }).boolean('a', false, context)
  const live: LiveFlags = await connect({ hub: 'https://hub.example.org', key: 'k' })
  // @ts-expect-error: a number is no answer to a boolean
  live.boolean('a', 1)
  export const all = [yes, new TandemProvider(live), await connectWeb({ hub: '', key: '' })]
`

describe('the package', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-pack-'))
    const [packed] = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder], join(root, 'sdk')),
    ) as [{ filename: string }]
    const scope = join(folder, 'node_modules/@tandem')
    await mkdir(scope, { recursive: true })
    run('tar', ['-xzf', join(folder, packed.filename), '-C', scope], folder)
    run('mv', ['package', 'sdk'], scope)
    for (const name of ['@openfeature', '@types', 'undici-types'])
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('holds what programs need, and nothing of our tests', async () => {
    const files = await readdir(join(folder, 'node_modules/@tandem/sdk'), { recursive: true })
    for (const wanted of [
      'README.md',
      'build/index.js',
      'build/index.d.ts',
      'build/server/connect.js',
      'cases/hash.json',
      'cases/flags.py',
    ])
      assert.ok(files.includes(wanted), wanted)
    assert.deepEqual(
      files.filter((file) => /test|small-|fixtures|bundled|\.tsbuildinfo/.test(file)),
      [],
    )
    const { dependencies } = JSON.parse(
      await readFile(join(folder, 'node_modules/@tandem/sdk/package.json'), 'utf8'),
    ) as { dependencies?: object }
    assert.equal(dependencies, undefined)
  })

  it('runs on every Node from 20 that is here', async (t) => {
    await writeFile(join(folder, 'program.mjs'), program)
    for (const node of nodes()) {
      t.diagnostic(`${node} ${run(node, ['--version'], folder).trim()}`)
      assert.equal(run(node, ['program.mjs'], folder).trim(), 'well', node)
    }
  })

  it('brings its types', async () => {
    await writeFile(join(folder, 'typed.mts'), typed)
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--exactOptionalPropertyTypes',
      '--types',
      'node',
    ]
    run(join(root, 'node_modules/.bin/tsc'), [...options, 'typed.mts'], folder)
  })
})
