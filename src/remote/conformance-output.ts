import assert from 'node:assert/strict'
import { newId, type Case } from './conformance-stage.ts'

/** What a program prints arrives as it was printed. */
export const outputCases: readonly Case[] = [
  [
    'stdout and stderr arrive in the order they were written',
    async ({ run }) => {
      const { lines } = await run('for n in 1 2 3; do echo "out $n"; echo "err $n" >&2; done')
      assert.deepEqual(lines, ['out 1', 'err 1', 'out 2', 'err 2', 'out 3', 'err 3'])
    },
  ],

  [
    'blank lines and a last line without a newline are lines',
    async ({ run }) => {
      assert.deepEqual((await run('printf "a\\n\\nb\\n"')).lines, ['a', '', 'b'])
      assert.deepEqual((await run('printf "a\\n\\nb"')).lines, ['a', '', 'b'])
      assert.deepEqual((await run(':')).lines, [])
    },
  ],

  [
    'arbitrary bytes arrive, those that are not UTF-8 replaced',
    async ({ run }) => {
      const bytes = Uint8Array.from({ length: 2048 }, (_, index) => (index < 1024 ? index : index * 7) % 256)
      const { lines } = await run('cat bytes', { frames: [{ name: 'bytes', bytes }] })
      assert.equal(lines.join('\n'), new TextDecoder().decode(bytes))
    },
  ],

  [
    'a line longer than 4,096 characters is cut into several',
    async ({ run }) => {
      const { lines } = await run('head -c 10000 /dev/zero | tr "\\0" x; echo; echo after')
      assert.deepEqual(
        lines.map((line) => line.length),
        [4096, 4096, 1808, 5],
      )
    },
  ],

  [
    'lines arrive while the program runs',
    async ({ start }) => {
      const run = start('echo early; read -r word <ctl; echo "late $word"')
      const lines = run.lines[Symbol.asyncIterator]()
      assert.equal((await lines.next()).value, 'early')
      run.tell('word')
      assert.equal((await lines.next()).value, 'late word')
      assert.deepEqual(await run.ending, { type: 'exited', code: 0 })
    },
  ],

  [
    'a line that could be the beginning of a secret arrives as well while the program waits',
    async ({ start }) => {
      // Wrapped, this secret may be printed as `aHV` and, in the next line, the rest.
      const run = start('echo "confirm 4aHV"; read -r word <ctl; echo "late $word"', {
        secrets: ['hunter2hunter2hunter2'],
      })
      const lines = run.lines[Symbol.asyncIterator]()
      assert.equal((await lines.next()).value, 'confirm 4aHV')
      run.tell('word')
      assert.equal((await lines.next()).value, 'late word')
      assert.deepEqual(await run.ending, { type: 'exited', code: 0 })
    },
  ],

  [
    'a line that is the first one of a secret arrives as well while the program waits',
    async ({ start }) => {
      const secret = 'ok\nand the rest of the secret'
      const run = start('echo "state ok"; read -r word <ctl; echo "late $word"; cat it', {
        secrets: [secret],
        frames: [{ name: 'it', bytes: Buffer.from(secret) }],
      })
      const lines = run.lines[Symbol.asyncIterator]()
      assert.equal((await lines.next()).value, 'state ok')
      run.tell('word')
      assert.equal((await lines.next()).value, 'late word')
      assert.equal((await lines.next()).value, '[secret]')
      assert.deepEqual(await run.ending, { type: 'exited', code: 0 })
    },
  ],

  [
    'secrets are masked, also when they are printed in two goes',
    async ({ run }) => {
      const script = 'printf "a hunter2 b\\nhun"; sleep 0.1; echo "ter2 c"; printf %s hunter2 | base64'
      const { lines } = await run(script, { secrets: ['hunter2'] })
      assert.deepEqual(lines, ['a [secret] b', '[secret] c', '[secret]'])
    },
  ],

  [
    'what a program prints of its own secrets is not written down on the host, in any form',
    async ({ run }) => {
      const id = newId()
      const script = `printf "a hunter2 b\\nhun"; sleep 0.1; echo "ter2 c"; printf %s hunter2 | base64; printf 'x\\377 hunt'`
      await run(script, { id, secrets: ['hunter2'] })
      const { lines } = await run(`cd "$ROOT/runs/${id}"; cat journal; [ -e .mask ] || echo no mask`)
      assert.deepEqual(lines.slice(0, 4), ['a [secret] b', '[secret] c', '[secret]', 'x\ufffd hunt'])
      assert.match(lines[4] ?? '', /^.[0-9a-f]{32} end exited 0$/)
      assert.equal(lines[5], 'no mask')
    },
  ],

  [
    'what is kept of too much output is masked, with its end',
    async ({ run }) => {
      const id = newId()
      const script =
        'yes "a hunter2 b, and more of it to come" | head -c 20000000; echo; echo "the hunter2 end"'
      const { lines } = await run(script, { id, secrets: ['hunter2'] })
      assert.ok(lines.some((line) => line.includes('the output was cut here')))
      assert.equal(lines.at(-1), 'the [secret] end')
      const count = await run(`grep -ac hunter2 "$ROOT/runs/${id}/journal"`)
      assert.deepEqual(count.lines, ['0'])
    },
  ],

  [
    'the verdict is heard although its words are secrets',
    async ({ run }) => {
      const secrets = ['exited', ...Array.from('0123456789abcdef', (digit) => digit.repeat(4))]
      const { lines, ending } = await run(`true ${secrets.join(' ')}; echo exited; exit 3`, { secrets })
      assert.deepEqual({ lines, ending }, { lines: ['[secret]'], ending: { type: 'exited', code: 3 } })
    },
  ],

  [
    'a program that prints without end is not stopped, and its output is cut',
    async ({ run }) => {
      const { lines, ending } = await run('yes 0123456789 | head -c 20000000; echo; echo the end')
      assert.deepEqual(ending, { type: 'exited', code: 0 })
      assert.equal(lines.at(-1), 'the end')
      assert.ok(lines.some((line) => line.includes('the output was cut here: its limit is 16777216 bytes')))
    },
  ],
]
