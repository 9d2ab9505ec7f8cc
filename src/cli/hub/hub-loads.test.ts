import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadedBy, tellingEnvironment } from '../../../lab/loaded.ts'

const launcher = fileURLToPath(new URL('../../../bin/tandem', import.meta.url))
const config = `import { tandem } from 'tandem'
export default tandem({ people: { ada: { name: 'Ada', may: 'everything' } }, hosts: { here: { via: 'local' } } })
`
const compiler = 'NativeModule internal/deps/amaro/dist/index'

/** What many hubs never need, or need for a moment: with each goes memory for as long as the hub runs. */
const inHub = [compiler, '/src/metrics/promql/evaluate/', '/src/infra/resources/', '/src/ci/run/drive.ts']
const ofOthers = ['/tar-stream/', '/sax/', '/yaml/', '/acorn/', '/@babel/', '/age-encryption/', '/mustache/']
const inThread = [compiler, 'NativeModule http', '/undici/', '/yaml/', '/zod/']

async function startHub(t: TestContext, folder: string) {
  const env = { ...tellingEnvironment(folder), TANDEM_PERSON: 'ada', XDG_CONFIG_HOME: folder }
  const hub = spawn(launcher, ['hub', '--json', '--port', '0'], { cwd: folder, env })
  const ended = once(hub, 'exit')
  t.after(() => hub.kill('SIGKILL'))
  await once(createInterface({ input: hub.stdout }), 'line')
  return async () => {
    hub.kill('SIGTERM')
    await ended
  }
}

test('a hub that has just begun has loaded no more than it needs, and compiles nothing that was compiled', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-loads-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'tandem.ts'), config)
  const stopFirst = await startHub(t, folder)
  assert.ok((await loadedBy(folder, 0)).includes(compiler), 'it has the name that is looked for')
  await stopFirst()
  const stopSecond = await startHub(t, folder)
  const [hub, thread] = [await loadedBy(folder, 0), await loadedBy(folder, 1)]
  await stopSecond()
  assert.ok(hub.some((name) => name.endsWith('/src/hub.ts')))
  assert.ok(thread.some((name) => name.endsWith('/thread/engine.ts')))
  const among = (names: readonly string[], parts: readonly string[]): readonly string[] =>
    names.filter((name) => parts.some((part) => name.includes(part)))
  assert.deepEqual(among(hub, [...inHub, ...ofOthers]), [])
  assert.deepEqual(among(thread, inThread), [])
})
