import assert from 'node:assert/strict'
import { newId, type Case, untilLine } from './conformance-stage.ts'
import { runToEnd } from './run-to-end.ts'

/** Of two who want to change one target, the one with the newer token does. */
export const leaseCases: readonly Case[] = [
  [
    'a lower token is refused, with the higher one named',
    async ({ run }) => {
      const target = newId()
      assert.equal((await run('still_mine', { lease: { target, token: 12 } })).ending.type, 'exited')
      const { lines, ending } = await run('echo ran', { lease: { target, token: 9 } })
      assert.deepEqual({ lines, ending }, { lines: [], ending: { type: 'refused', token: 12 } })
      assert.equal((await run(':', { lease: { target, token: 12 } })).ending.type, 'exited')
    },
  ],

  [
    'targets do not disturb each other, whatever their names',
    async ({ run }) => {
      const token = 5
      for (const target of ['../../x', 'a/b', 'a_2fb', "it's", '.', 'ä'.repeat(300)]) {
        const { ending } = await run('still_mine', { lease: { target: `${target} ${newId()}`, token } })
        assert.deepEqual(ending, { type: 'exited', code: 0 })
      }
    },
  ],

  [
    'a newer program begins when the older one has stopped before its next step',
    async ({ start, run }) => {
      const target = newId()
      const old = start(steps('old'), { lease: { target, token: 1 } })
      await untilLine(old, 'step')
      const fresh = run(
        'still_mine; tail -n 1 "$ROOT/log-${lease##*/}"; echo new >>"$ROOT/log-${lease##*/}"',
        {
          lease: { target, token: 2 },
        },
      )
      await untilLine(old, 'tandem: token 1 was overtaken by token 2: stopping before the next step')
      assert.deepEqual(await runToEnd(old), { lines: [], ending: { type: 'refused', token: 2 } })
      assert.deepEqual((await fresh).ending, { type: 'exited', code: 0 })
      const { lines } = await run(`tail -n 1 "$ROOT/log-${target}"; rm "$ROOT/log-${target}"`)
      assert.deepEqual(lines, ['new'], 'nothing was written by the old one after the new one began')
    },
  ],

  [
    'a newer program that runs is not disturbed by an older one',
    async ({ start, run }) => {
      const target = newId()
      const fresh = start('echo step; read -r word <ctl; still_mine; exit 4', { lease: { target, token: 2 } })
      await untilLine(fresh, 'step')
      const { ending } = await run('echo ran', { lease: { target, token: 1 } })
      assert.deepEqual(ending, { type: 'refused', token: 2 })
      fresh.tell('go')
      assert.deepEqual(await fresh.ending, { type: 'exited', code: 4 })
    },
  ],

  [
    'an older program that hangs is killed after five seconds',
    async ({ start, run }) => {
      const target = newId()
      const old = start('trap "" TERM; echo step; timeout 90 sleep 80; sleep 80', {
        lease: { target, token: 1 },
      })
      await untilLine(old, 'step')
      const began = Date.now()
      assert.deepEqual((await run(':', { lease: { target, token: 2 } })).ending, { type: 'exited', code: 0 })
      assert.ok(Date.now() - began > 4_900, 'it had its time')
      assert.deepEqual(await old.ending, { type: 'refused', token: 2 })
    },
  ],

  [
    'a stray process that took the lock with it does not keep the target for ever',
    async ({ run }) => {
      const lease = { target: newId(), token: 1 }
      const { lines } = await run('setsid -f sh -c "echo \\$\\$; exec sleep 80 >/dev/null 2>&1"; sleep 0.2', {
        lease,
      })
      const second = await run(`kill ${lines[0]} && echo lived`, { lease })
      assert.deepEqual(second.lines, ['lived'])
    },
  ],

  [
    'two programs of one token take turns',
    async ({ run }) => {
      const lease = { target: newId(), token: 3 }
      const log = `"$ROOT/turns-${lease.target}"`
      const turn = `echo in >>${log}; sleep 0.3; echo out >>${log}`
      await Promise.all([run(turn, { lease }), run(turn, { lease }), run(turn, { lease })])
      const { lines } = await run(`cat ${log}; rm ${log}`)
      assert.deepEqual(lines, ['in', 'out', 'in', 'out', 'in', 'out'])
    },
  ],

  [
    'a program that waits for its turn can be killed',
    async ({ start }) => {
      const lease = { target: newId(), token: 3 }
      const first = start('echo step; sleep 60', { lease })
      await untilLine(first, 'step')
      const second = start('echo ran', { lease })
      setTimeout(() => second.kill(), 300)
      assert.deepEqual(await second.ending, { type: 'exited', code: 143 })
      first.kill()
      assert.deepEqual(await first.ending, { type: 'exited', code: 143 })
    },
  ],
]

function steps(word: string): string {
  return `for n in $(seq 400); do still_mine; echo ${word} >>"$ROOT/log-\${lease##*/}"; echo step; sleep 0.05; done`
}
