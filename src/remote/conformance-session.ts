import assert from 'node:assert/strict'
import { newId, program, type Case, untilLine } from './conformance-stage.ts'
import { dialProcess, type Dial, type Link } from './link.ts'
import { runToEnd } from './run-to-end.ts'

/** Sessions come and go; programs stay. */
export const sessionCases: readonly Case[] = [
  [
    'a program goes on when its session is killed, and is followed again from its beginning',
    async ({ world, remote }) => {
      const links: Link[] = []
      const doomed = world.open(watched(links))
      const order = program('echo one; read -r word <ctl; echo "$word"; exit 6', {
        secrets: ['uno dos tres'],
      })
      const run = doomed.start(world.host, order)
      await untilLine(run, 'one')
      links.forEach(({ pid }) => process.kill(pid ?? 0, 'SIGKILL'))
      assert.equal((await run.ending).type, 'lost')
      const again = remote.attach(world.host, order.id, order.secrets)
      await untilLine(again, 'one')
      again.tell('uno dos tres')
      await untilLine(again, '[secret]')
      assert.deepEqual(await again.ending, { type: 'exited', code: 6 })
      await doomed.close()
    },
  ],

  [
    'an ended program is read again, with its ending',
    async ({ world, remote, run }) => {
      const id = newId()
      const first = await run('echo one; printf two; exit 4', { id })
      assert.deepEqual(await runToEnd(remote.attach(world.host, id, [])), first)
      const refused = newId()
      const target = newId()
      await run(':', { lease: { target, token: 8 } })
      const second = await run('echo', { id: refused, lease: { target, token: 7 } })
      assert.deepEqual(second.ending, { type: 'refused', token: 8 })
      assert.deepEqual(await runToEnd(remote.attach(world.host, refused, [])), second)
    },
  ],

  [
    'two may follow one program',
    async ({ world, remote }) => {
      const order = program('echo one; read -r word <ctl; echo "$word"')
      const first = remote.start(world.host, order)
      await untilLine(first, 'one')
      const second = remote.attach(world.host, order.id, [])
      await untilLine(second, 'one')
      first.tell('two')
      await Promise.all([untilLine(first, 'two'), untilLine(second, 'two')])
      assert.deepEqual(await second.ending, await first.ending)
    },
  ],

  [
    'a run nobody knows is lost, and that is why',
    async ({ world, remote }) => {
      const { lines, ending } = await runToEnd(remote.attach(world.host, newId(), []))
      assert.deepEqual(lines, [])
      assert.match(ending.type === 'lost' ? ending.why : '', /knows no run/)
    },
  ],

  [
    'a dozen programs run at once',
    async ({ run }) => {
      const runs = await Promise.all(Array.from({ length: 12 }, (_, n) => run(`sleep 0.2; echo ${n}`)))
      assert.deepEqual(
        runs.map(({ lines }) => lines),
        runs.map((_, n) => [String(n)]),
      )
    },
  ],

  [
    'closing leaves programs running',
    async ({ world, remote }) => {
      const other = world.open()
      const order = program('echo one; read -r word <ctl; exit 9')
      const run = other.start(world.host, order)
      await untilLine(run, 'one')
      await other.close()
      assert.equal((await run.ending).type, 'lost')
      const again = remote.attach(world.host, order.id, [])
      again.tell('go')
      assert.deepEqual(await again.ending, { type: 'exited', code: 9 })
    },
  ],
]

/** Runs last, as it makes the host forget what the others did. */
export const pruneCases: readonly Case[] = [
  [
    'old runs are forgotten, running ones never',
    async ({ world, remote, run }) => {
      const running = program('echo one; read -r word <ctl; exit 2')
      await untilLine(remote.start(world.host, running), 'one')
      const old = newId()
      await run(`mkdir "$ROOT/runs/${newId()}"; touch -d '2 days ago' "$ROOT/runs/"*`, { id: old })
      for (let n = 0; n < 11; n += 1) await Promise.all(Array.from({ length: 8 }, () => run(':')))
      const count =
        'cd "$ROOT/runs"; for n in $(seq 100); do set -- *; [ $# -gt 82 ] || break; sleep 0.1; done; echo $#'
      const { lines } = await run(count)
      assert.ok(Number(lines[0]) <= 82, `there are ${lines[0]} run folders`)
      assert.equal((await runToEnd(remote.attach(world.host, old, []))).ending.type, 'lost')
      const again = remote.attach(world.host, running.id, [])
      again.tell('go')
      assert.deepEqual(await again.ending, { type: 'exited', code: 2 })
    },
  ],
]

function watched(links: Link[]): Dial {
  return (argv, env) => {
    const link = dialProcess(argv, env)
    links.push(link)
    return link
  }
}
