import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { type Clone, cloneForNobody } from './demo/clone.ts'
import { pasteOf, type Started, startIn } from './demo/demo-process.ts'

// One story, told in order: each test goes on where the one before has left off.
const options = { timeout: 300_000 }
const demo = ['bin/tandem', 'demo']

let clone: Clone
let first: Started
let shop = ''

before(() => {
  clone = cloneForNobody()
})

after(() => {
  for (const pid of processesOf(clone.root)) process.kill(pid, 'SIGKILL')
  clone.remove()
})

test('the first start shows a deploy that no visitor notices', options, async () => {
  first = startIn(clone, demo)
  await first.says('Ctrl-C stops the hub and the shop')
  const said = first.said()
  shop = /the shop is at (http:\S+);/.exec(said)?.[1] ?? ''
  assert.match(said, /^the example shop is in \.tandem\/demo\/shop, a git repository with three commits$/m)
  assert.match(said, /^c1 done: shop [0-9a-f]{7} is live on 1 of 1 host/m)
  assert.match(said, /^c2 done: shop [0-9a-f]{7} is live on 1 of 1 host/m)
  const [, came] = /^(\d+) requests came in meanwhile, 0 failed$/m.exec(said) ?? []
  assert.ok(Number(came) > 30, said)
  const page = await fetch(shop)
  assert.match(await page.text(), /Folding lock/)
  assert.match(page.headers.get('x-release') ?? '', /^[0-9a-f]{64}$/)
})

test('the link logs in to the hub that it names', options, async () => {
  const [, url = '', token = ''] = /in a browser: (http:\S+)\/login#token=(\S+)/.exec(first.said()) ?? []
  const me = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(((await me.json()) as { may: string }).may, 'everything')
})

test('what it says to try works when it is pasted', options, async () => {
  assert.equal(await paste('change something'), 0)
  assert.match(await textOf(shop), /make each ride better/)
  assert.equal(await paste('take it back'), 0)
  assert.match(await textOf(shop), /make every ride better/)
})

test('the bad release is found by the watch and undone', options, async () => {
  assert.equal(await paste('ship a bad release'), 3)
  const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await fetch(shop)).status))
  assert.deepEqual(new Set(statuses), new Set([200]))
  await first.says(/^c5 {2}failed and was undone: the stage canary did harm/m)
  await first.says(/^c5 {2}\d+ requests came in meanwhile, \d+ failed \(\d+ with an error of the app\)$/m)
  assert.equal(await paste('mend it'), 0)
  assert.match(await textOf(shop), /make each ride better/)
})

test('Ctrl-C stops all that it started', options, async () => {
  first.interrupt()
  assert.equal(await first.ended, 0)
  assert.match(first.said(), /the hub and the shop are stopped; `npm start` goes on from here\n$/)
  assert.deepEqual(processesOf(clone.root), [])
  await assert.rejects(fetch(shop))
})

test('the next start goes on from there and deploys nothing', options, async () => {
  const again = startIn(clone, demo)
  await again.says('Ctrl-C stops the hub and the shop')
  assert.match(again.said(), /^the example shop is in \.tandem\/demo\/shop, as you left it$/m)
  assert.match(again.said(), /^started again: front, web, worker$/m)
  assert.match(again.said(), /^[0-9a-f]{7} is live, as before: http:/m)
  assert.match(await textOf(shop), /make each ride better/)
  const log = startIn(clone, ['bin/tandem', 'log', '--project', '.tandem/demo/shop', '--json'])
  assert.equal(await log.ended, 0)
  assert.deepEqual([...log.said().matchAll(/"id":"(c\d+)"/g)].length, 6)
  const second = startIn(clone, demo)
  assert.equal(await second.ended, 1)
  assert.match(second.said(), /the demo runs already: http:/)
  again.interrupt()
  assert.equal(await again.ended, 0)
})

test(
  'when the port is taken the shop moves, and Ctrl-C in the midst of it undoes that',
  options,
  async (t) => {
    const other = await listenOn(Number(new URL(shop).port))
    t.after(() => other.close())
    const moving = startIn(clone, demo)
    await moving.says(/local {2}switch done/)
    const [, from, to] =
      /port (\d+) is taken by another program: the shop moves to port (\d+)/.exec(moving.said()) ?? []
    assert.equal(from, new URL(shop).port)
    assert.equal((await fetch(`http://127.0.0.1:${to}`)).status, 200)
    moving.interrupt()
    assert.equal(await moving.ended, 0)
    assert.match(moving.said(), /c7 failed and was undone/)
    assert.deepEqual(processesOf(clone.root), [])
  },
)

const paste = (title: string): Promise<number | null> =>
  startIn(clone, ['sh', '-c', pasteOf(first.said(), title)]).ended

const textOf = async (url: string): Promise<string> => (await fetch(url)).text()

/** Processes that work in a folder of the clone, or were started with one in their words. Zombies have neither. */
function processesOf(root: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return words.includes(root) || readlinkSync(`/proc/${pid}/cwd`).startsWith(root) ? [Number(pid)] : []
    } catch {
      // It has ended, or is not ours to look into.
      return []
    }
  })
}

async function listenOn(port: number): Promise<Server> {
  const server = createServer((_, response) => response.end('another program'))
  await new Promise<void>((resolve) => server.listen(port, resolve))
  return server
}
