import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'

const script = fileURLToPath(new URL('supervise.sh', import.meta.url))
const shells = [['/bin/dash'], ['/bin/bash', '--posix']].filter(([shell]) => fs.existsSync(shell ?? ''))

const lookMs = 20
const limitMs = 30_000

async function until(isSo: () => boolean): Promise<void> {
  for (const began = performance.now(); !isSo(); await pause(lookMs))
    assert.ok(performance.now() - began < limitMs, `not in time: ${String(isSo)}`)
}

for (const [shell = '', ...options] of shells) {
  const begin = (t: TestContext, slot: string): ChildProcess => {
    const child = spawn(shell, [...options, script, slot, 'web'], { stdio: ['ignore', 'ignore', 'pipe'] })
    t.after(() => child.kill('SIGKILL'))
    return child
  }

  test(`a supervisor starts again what falls, until it is told to stop, in ${shell}`, async (t) => {
    const slot = slotFor(t)
    fill(slot, 'echo ran')
    const child = begin(t, slot)
    const twice = /^ran\nended with 0; started again\nran\n/
    await until(() => fs.existsSync(log(slot)) && twice.test(fs.readFileSync(log(slot), 'utf8')))
    fs.writeFileSync(join(slot, 'web.stop'), '')
    assert.deepEqual(await endOf(child), 0)
    assert.equal(fs.existsSync(join(slot, 'web.pid')), false)
  })

  test(`a supervisor ends when its slot is emptied, and runs nothing of what fills it anew, in ${shell}`, async (t) => {
    const slot = slotFor(t)
    fill(slot, 'echo first')
    const child = begin(t, slot)
    await until(() => fs.existsSync(log(slot)))
    fs.rmSync(slot, { recursive: true })
    fill(slot, 'echo second')
    assert.deepEqual(await endOf(child), 0)
    assert.equal(fs.existsSync(log(slot)), false)
  })

  test(`a supervisor gives way to another that began in its slot, in ${shell}`, async (t) => {
    const slot = slotFor(t)
    fill(slot, 'echo $$ >>ran; sleep 0.1')
    const first = begin(t, slot)
    await until(() => fs.existsSync(join(slot, 'web.pid')))
    const second = begin(t, slot)
    assert.deepEqual(await endOf(first), 0)
    await until(() => fs.existsSync(join(slot, 'web.pid')))
    assert.equal(second.exitCode, null)
  })
}

function slotFor(t: TestContext): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'tandem slot '))
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'a')
}

const log = (slot: string): string => join(slot, 'web.log')

function fill(slot: string, program: string): void {
  fs.mkdirSync(slot)
  fs.writeFileSync(join(slot, 'web.sh'), `${program}\n`)
}

/** The exit code, once it has ended; null: it still runs. */
async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await Promise.race([once(child, 'exit'), pause(limitMs, null, { ref: false })])
  return child.exitCode
}
