import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { openRemote } from '../../remote/open.ts'
import { lookAt, type Looking } from './look.ts'
import { onlyLooking } from './only-looking.ts'

const sleeps = (seconds: number): Looking => ({
  script: `echo begun; sleep ${seconds}; echo over`,
  frames: [],
  secrets: [],
  limitMs: 60_000,
  leavesNothing: true,
})

test('a look ends with its signal, is no host that is away, and starts no program', async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'tandem-looking-'))
  const remote = openRemote({ stateDir, sudoPassword: () => Promise.reject(new Error('nobody asks')) })
  t.after(async () => {
    await remote.close()
    await rm(stateDir, { recursive: true, force: true })
  })
  const host = { name: 'here', via: { kind: 'local', root: join(stateDir, 'host') } } as const
  const stop = new AbortController()
  const looking = onlyLooking(remote, stop.signal)
  assert.deepEqual(await lookAt(looking, host, sleeps(0)), { type: 'lines', lines: ['begun', 'over'] })
  const program = { ...sleeps(0), id: 'program', lease: null }
  assert.throws(() => looking.start(host, program), /starts no program on a host/)
  const began = Date.now()
  const long = lookAt(looking, host, sleeps(50))
  setTimeout(() => stop.abort(), 200)
  await assert.rejects(long, (thrown) => {
    return thrown instanceof TroubleError && thrown.trouble.lost === undefined
  })
  await assert.rejects(lookAt(looking, host, sleeps(50)), /not wanted any more/)
  assert.ok(Date.now() - began < 20_000, 'it went on though nobody wanted it')
})
