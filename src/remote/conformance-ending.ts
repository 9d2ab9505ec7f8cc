import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type Case, type Stage, untilLine } from './conformance-stage.ts'

/** How programs end, by themselves and otherwise. */
export const endingCases: readonly Case[] = [
  [
    'the exit code is the one of the script',
    async ({ run }) => {
      for (const code of [0, 1, 97, 98, 124, 137, 255])
        assert.deepEqual((await run(`exit ${code}`)).ending, { type: 'exited', code })
      assert.deepEqual((await run('kill -KILL $$')).ending, { type: 'exited', code: 137 })
      assert.deepEqual((await run('if then')).ending, { type: 'exited', code: 2 })
    },
  ],

  [
    'a program over its limit is killed with everything in its session',
    async ({ run }) => {
      const script = 'timeout 61 sleep 60 & echo "$!"; trap "" TERM; sleep 60; sleep 60'
      const { lines, ending } = await run(script, { limitMs: 400 })
      assert.deepEqual(ending, { type: 'overdue' })
      await isDead(run, lines[0])
    },
  ],

  [
    'kill ends a program and what it started',
    async ({ start, run: look }) => {
      const run = start('sleep 60 & echo "$!"; echo ready; wait; echo not reached')
      const lines: string[] = []
      for await (const line of run.lines) {
        lines.push(line)
        if (line === 'ready') run.kill()
      }
      assert.deepEqual(await run.ending, { type: 'exited', code: 143 })
      assert.ok(!lines.includes('not reached'))
      await isDead(look, lines[0])
    },
  ],

  [
    'a program may answer to being killed, for a moment',
    async ({ start }) => {
      const run = start('trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.05; done')
      await untilLine(run, 'ready')
      run.kill()
      await untilLine(run, 'bye')
      assert.deepEqual(await run.ending, { type: 'exited', code: 5 })
    },
  ],

  [
    'what a program leaves in the background is killed and does not delay the end',
    async ({ run }) => {
      const began = Date.now()
      const { lines, ending } = await run('sleep 60 & echo "$!"')
      assert.deepEqual(ending, { type: 'exited', code: 0 })
      assert.ok(Date.now() - began < 40_000)
      await isDead(run, lines[0])
    },
  ],

  [
    'what a program frees lives on, and holds neither its output nor its lease',
    async ({ run }) => {
      const lease = { target: newId(), token: 1 }
      const script = `free sh -c 'echo $$ >"$ROOT/freed"; exec sleep 60'; sleep 0.2; cat "$ROOT/freed"`
      const { lines } = await run(script, { lease })
      const open = `for fd in /proc/${lines[0]}/fd/*; do readlink "$fd"; done | grep -cF "$ROOT"`
      const second = await run(`${open}; kill ${lines[0]} && echo lived`, { lease })
      assert.deepEqual(second.lines, ['0', 'lived'])
    },
  ],

  [
    'frames and scripts do not stay on the host after the end',
    async ({ run }) => {
      const id = newId()
      await run('echo kept', { id, frames: [{ name: 'secret', bytes: new Uint8Array(9) }] })
      await sleep(200)
      const { lines } = await run(`cd "$ROOT/runs/${id}" && ls -A | tr "\\n" " "; stat -c %a journal`)
      assert.deepEqual(lines, ['.exit .key .pid journal 600'])
    },
  ],

  [
    'a supervisor that is killed leaves no exit code, and that is said',
    async ({ run }) => {
      const { ending } = await run('read -r supervisor rest <.pid; kill -KILL "$supervisor"; sleep 0.1')
      assert.equal(ending.type, 'lost')
      assert.match(ending.type === 'lost' ? ending.why : '', /killed on the host/)
    },
  ],

  [
    'the ending is known although the journal cannot be written any more',
    async ({ run }) => {
      const script = `echo one; read -r supervisor start boot writer <.pid
        sleep 0.2; read -r copier <"/proc/$writer/task/$writer/children"
        kill -KILL "$writer" $copier; echo two; exit 5`
      assert.deepEqual(await run(script), { lines: ['one'], ending: { type: 'exited', code: 5 } })
    },
  ],
]

export async function isDead(run: Stage['run'], pid: string | undefined): Promise<void> {
  assert.match(pid ?? '', /^\d+$/)
  // A zombie that nobody has collected yet is dead too.
  const { lines } = await run(
    `sleep 0.1; { read -r stat </proc/${pid}/stat; } 2>/dev/null; case $stat in *") Z "* | "") echo dead ;; *) echo alive ;; esac`,
  )
  assert.deepEqual(lines, ['dead'])
}
