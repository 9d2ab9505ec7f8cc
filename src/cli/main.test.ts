import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from './commands.ts'
import { makeFakeWorld } from './fake-world.ts'
import { main } from './main.ts'

async function run(...argv: string[]) {
  const world = makeFakeWorld()
  const exit = await main(argv, world)
  return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
}

test('nothing, help and --help list every command', async () => {
  for (const argv of [[], ['help'], ['--help'], ['-h']]) {
    const { exit, out } = await run(...argv)
    assert.equal(exit, 0)
    for (const { name } of commands) assert.match(out, new RegExp(`^  ${name} `, 'm'))
  }
})

test('every command has help that shows how it is written, and both ways to ask for it say the same', async () => {
  for (const { name } of commands) {
    const asked = await run('help', name)
    assert.equal(asked.exit, 0, name)
    assert.match(asked.out, new RegExp(`^tandem ${name}`), name)
    assert.deepEqual(await run(name, '--help'), asked, name)
  }
})

test('the version is told by word and by option, for people and programs', async () => {
  assert.match((await run('--version')).out, /^tandem \d+\.\d+\.\d+$/)
  assert.deepEqual(await run('version'), await run('--version'))
  const { version, node } = JSON.parse((await run('version', '--json')).out)
  assert.equal(`tandem ${version}`, (await run('version')).out)
  assert.equal(node, process.version)
})

test('an unknown command is wrong usage and names the one that was meant', async () => {
  const { exit, out, err } = await run('deplyo')
  assert.equal(exit, 2)
  assert.equal(out, '')
  assert.match(err, /did you mean deploy\?/)
  assert.match((await run('xyzzy')).err, /tandem help/)
})

test('with --json a failure is one document on standard output', async () => {
  const { exit, out, err } = await run('deploy', '--too', 'x', '--json')
  assert.equal(exit, 2)
  assert.equal(err, '')
  const { trouble, exit: told } = JSON.parse(out)
  assert.match(trouble.what, /--too/)
  assert.equal(told, 2)
})

test('options of every command may stand before it', async () => {
  const { exit, out } = await run('--json', '--project', '/nowhere', 'version', '--help')
  assert.equal(exit, 2)
  assert.match(out, /--project/)
  assert.match((await run('--json', 'version')).out, /^\{/)
})
