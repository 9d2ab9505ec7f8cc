import assert from 'node:assert/strict'
import { isDead } from './conformance-ending.ts'
import { lookProgram, newId, type Case, type Stage } from './conformance-stage.ts'
import { runToEnd } from './run-to-end.ts'

const secret = [{ name: 'secret', bytes: Buffer.from('hunter2') }]
const killSupervisor = 'read -r supervisor rest <.pid; kill -KILL "$supervisor"'

/** What killed programs left behind goes with the next program. */
export const leftoverCases: readonly Case[] = [
  [
    'what the program of a killed supervisor left goes with the next program, and the program with it',
    async (stage) => {
      const id = newId()
      const { lines } = await stage.run(`sleep 60 & echo "$!"; ${killSupervisor}; wait`, {
        id,
        frames: secret,
      })
      await stage.run(':')
      assert.deepEqual(await left(stage, id), ['.exit .key .pid journal '])
      await isDead(stage.run, lines[0])
    },
  ],

  [
    'it goes with the next look that has frames, too',
    async (stage) => {
      const id = newId()
      await stage.run(`${killSupervisor}; sleep 60`, { id, frames: secret })
      await runToEnd(stage.remote.look(stage.world.host, lookProgram(':', { frames: secret })))
      assert.deepEqual(await left(stage, id), ['.exit .key .pid journal '])
    },
  ],

  [
    'what an upload left before a restart goes whole, and one that just begins is left alone',
    async (stage) => {
      const [old, cut, fresh] = [newId(), newId(), newId()]
      const boot = '$(cat /proc/sys/kernel/random/boot_id)'
      await stage.run(`cd "$ROOT/runs"; mkdir ${old} ${cut} ${fresh}; touch ${old}/a ${cut}/a ${fresh}/a
        echo 1 another-boot >${old}/.relaying; echo "1 ${boot}" >${cut}/.relaying; true >${fresh}/.relaying
        touch -d '3 minutes ago' ${cut}`)
      await stage.run(':')
      assert.deepEqual(await left(stage, old), ['gone'])
      assert.deepEqual(await left(stage, cut), ['gone'])
      assert.deepEqual(await left(stage, fresh), ['.relaying a '])
      await stage.run(`rm -r "$ROOT/runs/${fresh}"`)
    },
  ],
]

// By a look without frames, which clears nothing itself.
async function left(stage: Stage, id: string): Promise<readonly string[]> {
  const script = `cd "$ROOT/runs/${id}" 2>/dev/null && ls -A | tr "\\n" " " || echo gone`
  return (await runToEnd(stage.remote.look(stage.world.host, lookProgram(script)))).lines
}
