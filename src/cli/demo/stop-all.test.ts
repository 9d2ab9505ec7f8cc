import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { processesOf, stopAll } from './stop-all.ts'

const politeMs = 8_000
const supervise = new URL('../../deploy/host/supervise.sh', import.meta.url)

test('stops supervisors, what they started, and what waits to be started, and nothing else', async (t) => {
  const { root, slot } = await hostWithSlot(t)
  await writeFile(join(slot, 'web.sh'), `cd ${slot}\nsleep 600 & wait\n`)
  const app = join(root, 'apps/shop.production')
  const started = [
    free(t, ['/bin/sh', join(app, 'supervise.sh'), slot, 'web']),
    free(t, ['/bin/sh', '-c', 'sleep 600; exec "$0"', join(app, 'retire.sh')]),
  ]
  const front = spawn('sleep', ['600'], { cwd: join(root, 'front'), stdio: 'ignore' })
  t.after(() => front.kill('SIGKILL'))
  const bystander = free(t, ['sleep', '600'])
  await untilThere(join(slot, 'web.pid'))
  assert.ok((await processesOf(root)).length >= 5)
  const ended = Promise.all([...started, front].map((child) => once(child, 'exit')))
  assert.ok((await stopAll(root, politeMs)) >= 5)
  assert.deepEqual(await processesOf(root), [])
  await ended
  await untilThere(join(slot, 'web.stop'))
  assert.equal(bystander.exitCode, null)
})

test('kills what does not listen', async (t) => {
  const { root, slot } = await hostWithSlot(t)
  const deaf = free(t, [
    process.execPath,
    '-e',
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 9); fs.writeFileSync(process.argv[1] + '/deaf', '')",
    slot,
  ])
  const ended = once(deaf, 'exit')
  await untilThere(join(slot, 'deaf'))
  await stopAll(root, 200)
  assert.deepEqual((await ended)[1], 'SIGKILL')
})

test('a host where nothing was ever deployed has nothing to stop', async () => {
  assert.equal(await stopAll('/nowhere/hosts/local', politeMs), 0)
})

async function hostWithSlot(t: TestContext): Promise<Readonly<{ root: string; slot: string }>> {
  const root = await mkdtemp(join(tmpdir(), 'tandem-host-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const slot = join(root, 'apps/shop.production/slots/a')
  await mkdir(slot, { recursive: true })
  await mkdir(join(root, 'front'))
  await cp(supervise, join(root, 'apps/shop.production/supervise.sh'))
  return { root, slot }
}

/** As the programs on a host start what shall live on: in a session of its own. */
function free(t: TestContext, [program = '', ...words]: readonly string[]) {
  const child = spawn(program, words, { detached: true, stdio: 'ignore' })
  t.after(() => child.kill('SIGKILL'))
  return child
}

async function untilThere(file: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await isThere(file)) return
    await sleep(20)
  }
  assert.fail(`${file} did not come`)
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
