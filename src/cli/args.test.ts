import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numberIn, readArgs, UsageError } from './args.ts'
import { choice, option } from './command.ts'

const command = {
  name: 'deploy',
  options: { to: option('ENV', ''), why: option('TEXT', ''), follow: choice('', 'f') },
  most: 2,
}

test('words and options come apart in any order', async () => {
  const lines = [
    ['shop', 'main', '--to', 'staging', '-f'],
    ['--to=staging', 'shop', '-f', 'main'],
    ['-f', '--to', 'staging', '--', 'shop', 'main'],
  ]
  for (const line of lines) {
    const args = await readArgs(line, command)
    const read = [args.words, args.text('to'), args.has('follow'), args.text('why'), args.has('json')]
    assert.deepEqual(read, [['shop', 'main'], 'staging', true, null, false], line.join(' '))
  }
})

test('a value may look like anything, also like a negative word', async () => {
  assert.equal((await readArgs(['--why=-1 is too low'], command)).text('why'), '-1 is too low')
})

const wrong: readonly (readonly [line: readonly string[], what: RegExp, now: RegExp])[] = [
  [['--too', 'staging'], /no option --too/, /did you mean --to/],
  [['--xyzzy'], /no option --xyzzy/, /tandem help deploy/],
  [['-z'], /no option -z/, /tandem help deploy/],
  [['--to'], /--to needs a value/, /--to ENV/],
  [['--to='], /--to needs a value/, /--to ENV/],
  [['--follow=yes'], /--follow takes no value/, /alone/],
  [['shop', 'main', 'please'], /what to do with 'please'/, /tandem help deploy/],
]

test('a slip is wrong usage, named, with what was probably meant', async () => {
  for (const [line, what, now] of wrong) {
    await assert.rejects(readArgs(line, command), (thrown) => {
      assert.ok(thrown instanceof UsageError, line.join(' '))
      assert.match(thrown.trouble.what, what)
      assert.match(thrown.trouble.now, now)
      return true
    })
  }
})

test('a number is a whole one within its range', async () => {
  const range = { least: 1, most: 200, otherwise: 20 }
  const limit = async (...line: string[]) =>
    numberIn(await readArgs(line, { ...command, options: { limit: option('N', '') } }), 'limit', range)
  assert.equal(await limit(), 20)
  assert.equal(await limit('--limit', '7'), 7)
  for (const bad of ['0', '201', '1e1', '2.5', 'ten', '0x5'])
    await assert.rejects(limit('--limit', bad), UsageError)
})
