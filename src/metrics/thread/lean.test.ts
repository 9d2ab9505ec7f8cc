import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

/** Begins a thread, says a little to it, and lets it tell what it has loaded. */
const program = `
  import { existsSync, writeFileSync } from 'node:fs'
  import { setTimeout as pause } from 'node:timers/promises'
  import { MetricsThread } from '${new URL('metrics-thread.ts', import.meta.url).href}'
  const limits = { seriesLimit: 9, seriesOfNameLimit: 9, keptMs: 1e9, maxSamples: 9, timeoutMs: 9 }
  const options = { version: '1', folder: 'metrics', ...limits }
  const thread = new MetricsThread(options, { broke: (thrown) => { throw thrown }, tell: () => {} })
  await thread.heed({ far: null, rules: [] })
  await thread.top(1)
  writeFileSync('tell', '')
  while (existsSync('tell')) await pause(5)
  await thread.close()
`

/** Lies in the thread beside it, as nobody else can look into it; what goes by messages would load more. */
const teller = `
  import { existsSync, rmSync, writeFileSync } from 'node:fs'
  import { registerHooks } from 'node:module'
  import { isMainThread } from 'node:worker_threads'
  const urls = []
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
  const tell = () => {
    if (!existsSync('tell')) return
    writeFileSync('loaded', JSON.stringify([...urls, ...process.moduleLoadList]))
    rmSync('tell')
  }
  if (!isMainThread) setInterval(tell, 5).unref()
`

test('a thread does not load what only some hubs need, nor the compiler when its files are compiled', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-lean-'))
  t.after(() => rm(folder, { recursive: true }))
  const [begins, tells] = [join(folder, 'begins.mjs'), join(folder, 'tells.mjs')]
  await Promise.all([writeFile(begins, program), writeFile(tells, teller)])
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') }
  const loaded = async (): Promise<readonly string[]> => {
    await promisify(execFile)(process.execPath, ['--import', tells, begins], { cwd: folder, env })
    return JSON.parse(await readFile(join(folder, 'loaded'), 'utf8')) as readonly string[]
  }
  const compiler = 'NativeModule internal/deps/amaro/dist/index'
  const first = await loaded()
  assert.ok(first.includes(compiler), 'what is looked for has the name that it is looked for by')
  const second = await loaded()
  assert.ok(second.some((name) => name.endsWith('/thread/engine.ts')))
  const heavy = second.filter((name) => name === compiler || /undici|NativeModule _?http|\/yaml\//.test(name))
  assert.deepEqual(heavy, [])
})
