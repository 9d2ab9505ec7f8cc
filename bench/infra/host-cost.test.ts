import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSshCounter } from './host-cost.ts'

test('the counter before ssh counts each byte of command lines and input, once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-counter-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const counter = await openSshCounter(folder)
  const ssh = (input: string) =>
    spawnSync(join(folder, 'ssh'), ['-G', 'nowhere'], { input, encoding: 'utf8' })
  const { status, stdout } = ssh('x'.repeat(1_000))
  assert.equal(status, 0)
  assert.match(stdout, /^hostname nowhere$/m)
  assert.equal(counter.taken(), '-G nowhere '.length + 1_000)
  assert.equal(counter.taken(), 0)
  // ssh ends though nobody has closed its input, as it does when the session is over.
  const open = spawn(join(folder, 'ssh'), ['-G', 'nowhere'], { stdio: ['pipe', 'ignore', 'ignore'] })
  await once(open, 'exit')
  open.stdin.end()
  counter.taken()
  ssh('y')
  assert.equal(counter.taken(), '-G nowhere '.length + 1)
})
