import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import { test } from 'node:test'
import { askSecret } from './ask-secret.ts'
import { makeFakeWorld } from './fake-world.ts'

test('a secret that is piped in is taken whole, without its last line break', async () => {
  const input = Readable.from(['line one\n', 'line two\n'])
  assert.equal(await askSecret(makeFakeWorld({ input }), 'value'), 'line one\nline two')
})

test('a secret that is typed is never shown, and can be corrected', async () => {
  const modes: boolean[] = []
  const drawn: string[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  })
  const asking = askSecret(makeFakeWorld({ input, draw: (text) => void drawn.push(text) }), 'value')
  for (const key of ['x', 's', '\u007f', 's3', 'cret', '\u001b', '\r']) input.write(key)
  assert.equal(await asking, 'xs3cret')
  assert.deepEqual(modes, [true, false])
  assert.doesNotMatch(drawn.join(''), /s3cret|x/)
})

test('ctrl-c while it is typed keeps nothing', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  const asking = askSecret(makeFakeWorld({ input }), 'value')
  input.write('half\u0003')
  await assert.rejects(asking, /interrupted/)
})

test('nothing is no secret, and too much is refused', async () => {
  await assert.rejects(
    askSecret(makeFakeWorld({ input: Readable.from(['\n']) }), 'value'),
    /nothing was given/,
  )
  const huge = Readable.from(['x'.repeat(70_000)])
  await assert.rejects(askSecret(makeFakeWorld({ input: huge }), 'value'), /came in/)
})
