import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { type Case, flipAt, lookProgram, newId, type Stage, tapped, untilLine } from './conformance-stage.ts'
import { runToEnd } from './run-to-end.ts'
import type { Look, Run } from './remote.ts'

/** A look runs in its session, leaves nothing, and ends with it. */
export const lookCases: readonly Case[] = [
  [
    'a look prints and ends as any program does',
    async (stage) => {
      const script = 'echo "$ROOT"; echo out; echo err >&2; printf "\\n\\nlast"; exit 3'
      assert.deepEqual(await runToEnd(look(stage, script)), {
        lines: [stage.world.root, 'out', 'err', '', '', 'last'],
        ending: { type: 'exited', code: 3 },
      })
      assert.deepEqual((await runToEnd(look(stage, 'if then'))).ending, { type: 'exited', code: 2 })
      assert.deepEqual(await runToEnd(look(stage, ':')), { lines: [], ending: { type: 'exited', code: 0 } })
    },
  ],

  [
    'a look has the environment of any program, and none of its input',
    async (stage) => {
      const script = 'env | cut -d= -f1 | sort | tr "\\n" " "; echo; umask; cat; ulimit -H -c; pwd'
      const { lines } = await runToEnd(look(stage, script))
      assert.equal(lines[0]?.replace(/\b(OLDPWD|SHLVL|_) /g, ''), 'HOME LC_ALL PATH PWD ROOT RUN TZ ')
      assert.deepEqual(lines.slice(1, 3), ['0077', '0'])
    },
  ],

  [
    'a look of any length and any characters arrives as it is',
    async (stage) => {
      const bytes = Array.from({ length: 255 }, (_, index) => index + 1)
      const any = String.fromCodePoint(...bytes, 0x20ac, 0x1f600).repeat(200)
      const script = `cat <<'.' | sha256sum\n${any}\n.\n`
      const sum = createHash('sha256').update(`${any}\n`).digest('hex')
      assert.deepEqual((await runToEnd(look(stage, script))).lines, [`${sum}  -`])
    },
  ],

  [
    'the frames of a look arrive, and go when it ends',
    async (stage) => {
      const id = newId()
      const bytes = randomBytes(300_000)
      const frames = [
        { name: 'big', bytes },
        { name: 'empty', bytes: new Uint8Array() },
      ]
      const script = 'sha256sum <big; stat -c "%n %a %s" "$RUN/big" empty'
      const { lines } = await runToEnd(look(stage, script, { id, frames }))
      const sum = createHash('sha256').update(bytes).digest('hex')
      const run = `${stage.world.root}/runs/${id}`
      assert.deepEqual(lines, [`${sum}  -`, `${run}/big 600 300000`, 'empty 600 0'])
      await isGone(stage, `[ ! -e '${run.replaceAll("'", `'\\''`)}' ]`)
    },
  ],

  [
    'a look that changed on its way is not run',
    async ({ world }) => {
      const frames = [{ name: 'big', bytes: randomBytes(30_000) }]
      const eaten = (from: number, bytes: number) => (piece: Buffer, before: number) => {
        const within = [...piece.entries()].filter(
          ([at]) => before + at < from || before + at >= from + bytes,
        )
        return Buffer.from(within.map(([, byte]) => byte))
      }
      const script = `: ${'x'.repeat(5_000)}; echo ran`
      const taps: readonly (readonly [Parameters<typeof tapped>[0], Partial<Look>])[] = [
        [eaten(0, 1), {}],
        [eaten(30, 3), {}],
        [eaten(0, 400), {}],
        [eaten(400, 500), { frames }],
        [(bytes, before) => flipAt(bytes, 40 - before), { frames }],
        [(bytes, before) => flipAt(bytes, 30_000 - before), { frames }],
      ]
      for (const [tap, rest] of taps) {
        const remote = world.open(tapped(tap))
        const order = lookProgram(script, rest)
        await assert.rejects(runToEnd(remote.look(world.host, order)), /did not arrive as it was sent/)
        await remote.close()
      }
    },
  ],

  [
    'secrets are masked in a look',
    async (stage) => {
      const { lines } = await runToEnd(look(stage, 'echo "a hunter2 b"', { secrets: ['hunter2'] }))
      assert.deepEqual(lines, ['a [secret] b'])
    },
  ],

  [
    'a look over its limit is ended, with what it started',
    async (stage) => {
      const overdue = look(stage, 'sleep 60 & echo "$!"; trap "" TERM; sleep 60; sleep 60', { limitMs: 400 })
      const { lines, ending } = await runToEnd(overdue)
      assert.deepEqual(ending, { type: 'overdue' })
      await isDead(stage, lines[0])
    },
  ],

  [
    'what a look leaves in the background goes with it and does not delay its end',
    async (stage) => {
      const { lines, ending } = await runToEnd(look(stage, 'sleep 60 & echo "$!"'))
      assert.deepEqual(ending, { type: 'exited', code: 0 })
      await isDead(stage, lines[0])
    },
  ],

  [
    'a look can be killed',
    async (stage) => {
      const run = look(stage, 'sleep 60 & echo "$!"; wait; echo not reached')
      const pid = await firstLine(run)
      run.kill()
      assert.deepEqual(await run.ending, { type: 'exited', code: 143 })
      await isDead(stage, pid)
    },
  ],

  [
    'a look ends with its session',
    async (stage) => {
      const other = stage.world.open()
      const run = other.look(stage.world.host, lookProgram('sleep 60 & echo "$!"; wait'))
      const pid = await firstLine(run)
      await other.close()
      assert.equal((await run.ending).type, 'lost')
      await isDead(stage, pid)
    },
  ],

  [
    'a look cannot be told anything',
    async (stage) => {
      const run = look(stage, 'echo ready; sleep 60')
      await untilLine(run, 'ready')
      assert.throws(() => run.tell('word'), /cannot be told/)
      run.kill()
    },
  ],

  [
    'two dozen looks at once do not disturb each other',
    async (stage) => {
      const runs = Array.from({ length: 24 }, (_, n) => runToEnd(look(stage, `echo ${n}`)))
      assert.deepEqual(
        (await Promise.all(runs)).map(({ lines }) => lines),
        runs.map((_, n) => [String(n)]),
      )
    },
  ],
]

function look({ remote, world }: Stage, script: string, rest: Partial<Look> = {}): Run {
  return remote.look(world.host, lookProgram(script, rest))
}

async function firstLine(run: Run): Promise<string | undefined> {
  const { value } = await run.lines[Symbol.asyncIterator]().next()
  return value
}

function isDead(stage: Stage, pid: string | undefined): Promise<void> {
  assert.match(pid ?? '', /^\d+$/)
  // A zombie that nobody has collected yet is dead too.
  return isGone(
    stage,
    `{ read -r stat </proc/${pid}/stat; } 2>/dev/null; case $stat in *") Z "* | "") true ;; *) false ;; esac`,
  )
}

async function isGone(stage: Stage, condition: string): Promise<void> {
  const script = `for n in $(seq 50); do { ${condition}; } && echo gone && exit; stat=; sleep 0.1; done`
  assert.deepEqual((await runToEnd(look(stage, script))).lines, ['gone'])
}
