import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { withMutex } from './mutex.ts'

test('works that want the same name take turns', async () => {
  const happened: string[] = []
  const work = (name: string) => async () => {
    happened.push(`${name} in`)
    await sleep(20)
    happened.push(`${name} out`)
  }
  await Promise.all(['a', 'b'].map((name) => withMutex('turns-test', 5000, work(name))))
  assert.match(happened.join(), /^(a in,a out,b in,b out|b in,b out,a in,a out)$/)
})

test('waiting ends with the name of the lock in the complaint', async () => {
  await withMutex('wait-test', 5000, () =>
    assert.rejects(
      withMutex('wait-test', 100, async () => undefined),
      /"wait-test"/,
    ),
  )
})

test('a holder that is killed lets go', async () => {
  const module = join(import.meta.dirname, 'mutex.ts')
  const hold = `import { withMutex } from ${JSON.stringify(module)}
    await withMutex('kill-test', 5000, async () => { console.log('held'); await new Promise((go) => setTimeout(go, 1e5)) })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', hold])
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(await withMutex('kill-test', 10_000, async () => 'mine'), 'mine')
})
