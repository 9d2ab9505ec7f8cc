import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { TroubleError } from '../change/trouble.ts'
import { flipAt, newId, program, tapped, type Case, type Stage } from './conformance-stage.ts'
import { dialProcess, type Dial } from './link.ts'
import { runToEnd } from './run-to-end.ts'

/** What a program is sent arrives whole, or nothing runs. */
export const inputCases: readonly Case[] = [
  [
    'a big frame and an empty one arrive as they are',
    async ({ run }) => {
      const bytes = randomBytes(8_000_000)
      const frames = [
        { name: 'big', bytes },
        { name: 'empty', bytes: new Uint8Array() },
      ]
      const { lines } = await run('sha256sum <big; stat -c "%n %a %s" big empty', { frames })
      const sum = createHash('sha256').update(bytes).digest('hex')
      assert.deepEqual(lines, [`${sum}  -`, 'big 600 8000000', 'empty 600 0'])
    },
  ],

  [
    'a frame that changed on its way is refused and nothing runs',
    async ({ world, run }) => {
      const order = program('echo ran', { frames: [{ name: 'big', bytes: randomBytes(300_000) }] })
      const remote = world.open(tapped((bytes, before) => flipAt(bytes, 200_000 - before)))
      await assert.rejects(runToEnd(remote.start(world.host, order)), (thrown) => {
        assert.ok(thrown instanceof TroubleError)
        assert.match(thrown.trouble.what, /did not arrive as it was sent/)
        return true
      })
      await remote.close()
      await leftNothing(run, order.id)
    },
  ],

  [
    'the relay itself is not run when it changed on its way',
    async ({ world, run }) => {
      const order = program('echo ran')
      const remote = world.open(tapped((bytes, before) => flipAt(bytes, 500 - before)))
      await assert.rejects(runToEnd(remote.start(world.host, order)), /did not arrive as it was sent/)
      await remote.close()
      await leftNothing(run, order.id)
    },
  ],

  [
    'an upload that is cut leaves nothing that runs',
    async ({ world, run }) => {
      const order = program('echo ran', { frames: [{ name: 'big', bytes: randomBytes(3_000_000) }] })
      const remote = world.open(cutAfter(1_000_000))
      // Whether the last bytes were under way is not known here: it may count as lost.
      const { lines } = await runToEnd(remote.start(world.host, order)).catch(() => ({ lines: [] }))
      assert.deepEqual(lines, [])
      await remote.close()
      await leftNothing(run, order.id)
    },
  ],

  [
    'the environment is the same everywhere',
    async ({ run }) => {
      const { lines } = await run('env | cut -d= -f1 | sort | tr "\\n" " "; echo; umask; cat; ulimit -H -c')
      assert.equal(lines[0]?.replace(/\b(OLDPWD|SHLVL|_) /g, ''), 'HOME LC_ALL PATH PWD ROOT RUN TZ ')
      assert.deepEqual(lines.slice(1), ['0077', '0'])
    },
  ],

  [
    'an id is used once',
    async ({ run }) => {
      const id = newId()
      assert.equal((await run('exit 0', { id })).ending.type, 'exited')
      await assert.rejects(run('exit 0', { id }), /already has a run/)
    },
  ],

  [
    'what no host could run is refused before anything is sent',
    async ({ start }) => {
      assert.throws(() => start(':', { id: 'Up/../..' }), /a run id is/)
      assert.throws(() => start('echo \0'), /NUL/)
      const bytes = new Uint8Array()
      for (const name of ['a b', '.relay', '../x', 'journal', 'ctl', ''])
        assert.throws(() => start(':', { frames: [{ name, bytes }] }), /cannot be used/)
      assert.throws(() => start(':', { lease: { target: 'x', token: 1.5 } }), /whole number/)
    },
  ],
]

async function leftNothing(run: Stage['run'], id: string): Promise<void> {
  // The far end notices the cut a moment later than we do.
  const folder = `"$ROOT/runs/${id}"`
  const { lines } = await run(
    `for n in $(seq 50); do [ -e ${folder} ] || break; sleep 0.1; done; ls -d ${folder} 2>&1`,
  )
  assert.match(lines.join(), /No such file/)
}

/** The session dies when so many bytes have gone through. */
function cutAfter(most: number): Dial {
  return (argv, env) => {
    const link = dialProcess(argv, env)
    let count = 0
    const tap = new PassThrough()
    tap.on('data', (bytes: Buffer) => {
      count += bytes.length
      if (count < most) link.stdin.write(bytes)
      else link.cut()
    })
    return { ...link, stdin: tap }
  }
}
