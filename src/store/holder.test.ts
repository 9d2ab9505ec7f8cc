import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Beating, isAlive, isSame, type Machine, thisMachine, thisProcess } from './holder.ts'

const machine = (startOf: Machine['startOf'], uptimeMs = 50_000): Machine => ({
  boot: 'here',
  uptimeMs: () => uptimeMs,
  startOf,
})

const holder = (boot: string): Beating => ({ pid: 5, started: 7, boot, beat: 1_000_000, uptime: 45_000 })

const cases: readonly Readonly<{
  name: string
  boot: string
  machine: Machine
  at: number
  alive: boolean
}>[] = [
  { name: 'its process runs', boot: 'here', machine: machine(() => 7), at: 1_000_000, alive: true },
  { name: 'its process is gone', boot: 'here', machine: machine(() => 'gone'), at: 1_000_000, alive: false },
  { name: 'another has its number', boot: 'here', machine: machine(() => 8), at: 1_000_000, alive: false },
  { name: 'it cannot be seen but beats', boot: 'here', machine: machine(() => 'unseen'), at: 0, alive: true },
  { name: 'it hangs', boot: 'here', machine: machine(() => 7, 57_000), at: 1_000_000, alive: false },
  {
    name: 'it beat just in time',
    boot: 'here',
    machine: machine(() => 7, 56_999),
    at: 1_000_000,
    alive: true,
  },
  { name: 'the wall clock was set', boot: 'here', machine: machine(() => 7), at: 9_000_000, alive: true },
  { name: 'it beat before a restart', boot: 'here', machine: machine(() => 7, 44_000), at: 0, alive: false },
  { name: 'it beats elsewhere', boot: 'there', machine: machine(() => 'gone'), at: 1_011_999, alive: true },
  { name: 'it is silent elsewhere', boot: 'there', machine: machine(() => 7), at: 1_012_000, alive: false },
  { name: 'its beat lies far ahead', boot: 'there', machine: machine(() => 7), at: 900_000, alive: false },
]

for (const { name, boot, machine: seen, at, alive } of cases) {
  test(`a holder ${alive ? 'lives' : 'is dead'} when ${name}`, () => {
    assert.equal(isAlive(holder(boot), seen, at), alive)
  })
}

test('this process is alive to its own machine', () => {
  const me = thisProcess('hub')
  const seen = thisMachine()
  assert.equal(me.boot, seen.boot)
  assert.ok(isSame(me, thisProcess('cli')))
  assert.ok(isAlive({ ...me, beat: 0, uptime: seen.uptimeMs() }, seen, 0))
})

test(
  'this process started when it says, in ticks since the boot',
  { skip: process.platform === 'linux' ? false : 'other systems count from elsewhere' },
  () => {
    const ticksPerSecond = 100
    const bootedAt = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1])
    const startedAt = bootedAt + thisProcess('cli').started / ticksPerSecond
    const expected = Date.now() / 1000 - process.uptime()
    assert.ok(Math.abs(startedAt - expected) < 5, `${startedAt} is far from ${expected}`)
  },
)

test('a process is gone once it is killed, and was there before', async () => {
  const child = spawn('sleep', ['60'])
  const seen = thisMachine()
  const pid = child.pid ?? 0
  const before = seen.startOf(pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.notEqual(before, 'gone')
  assert.equal(seen.startOf(pid), 'gone')
})

test(
  'a killed process that nobody has buried is gone as well',
  { skip: process.platform === 'linux' ? false : 'only Linux tells of unburied processes' },
  async () => {
    // The shell starts a child and becomes a program that never asks after it.
    const shell = spawn('sh', ['-c', 'sleep 30 & echo $!; exec sleep 31'])
    try {
      const [said] = await once(shell.stdout, 'data')
      const pid = Number(said)
      await until(() => readFileSync(`/proc/${shell.pid}/comm`, 'utf8') === 'sleep\n')
      process.kill(pid, 'SIGKILL')
      await until(() => thisMachine().startOf(pid) === 'gone')
      assert.doesNotThrow(() => process.kill(pid, 0), 'it should still have its number')
    } finally {
      shell.kill('SIGKILL')
      await once(shell, 'exit')
    }
  },
)

async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    if (isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('it did not come to be within five seconds')
}
