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

/** Longer than a supervisor waits before it starts again what fell. */
const roundMs = 1_600

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
    await pause(roundMs)
    fs.writeFileSync(join(slot, 'web.stop'), '')
    assert.deepEqual(await endOf(child), 0)
    assert.match(fs.readFileSync(join(slot, 'web.log'), 'utf8'), /^ran\nended with 0; started again\nran\n/)
    assert.equal(fs.existsSync(join(slot, 'web.pid')), false)
  })

  test(`a supervisor ends when its slot is emptied, and runs nothing of what fills it anew, in ${shell}`, async (t) => {
    const slot = slotFor(t)
    fill(slot, 'echo first')
    const child = begin(t, slot)
    await pause(roundMs / 4)
    fs.rmSync(slot, { recursive: true })
    fill(slot, 'echo second')
    assert.deepEqual(await endOf(child), 0)
    assert.equal(fs.existsSync(join(slot, 'web.log')), false)
  })

  test(`a supervisor gives way to another that began in its slot, in ${shell}`, async (t) => {
    const slot = slotFor(t)
    fill(slot, 'echo $$ >>ran; sleep 0.1')
    const first = begin(t, slot)
    await pause(roundMs / 4)
    const second = begin(t, slot)
    assert.deepEqual(await endOf(first), 0)
    assert.equal(second.exitCode, null)
    assert.equal(fs.existsSync(join(slot, 'web.pid')), true)
  })
}

function slotFor(t: TestContext): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'tandem slot '))
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'a')
}

function fill(slot: string, program: string): void {
  fs.mkdirSync(slot)
  fs.writeFileSync(join(slot, 'web.sh'), `${program}\n`)
}

/** The exit code, once it has ended; null: it still runs. */
async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await Promise.race([once(child, 'exit'), pause(4 * roundMs)])
  return child.exitCode
}
