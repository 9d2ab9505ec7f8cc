import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'

// Loaded before a program of ours (`--import`), and so before each of its threads. When a file `tell` comes to lie in the
// folder that TANDEM_LOADED names, each thread writes down beside it what it has loaded so far: files, and parts of Node.
// Messages and signals would load more, or do not get into threads.
const folder = process.env['TANDEM_LOADED'] ?? ''
const urls: string[] = []
registerHooks({
  load: (url, context, next) => {
    urls.push(url)
    return next(url, context)
  },
})

const timer = setInterval(() => {
  if (!existsSync(join(folder, 'tell'))) return
  clearInterval(timer)
  const file = join(folder, `thread-${threadId}`)
  const { moduleLoadList } = process as unknown as Readonly<{ moduleLoadList: readonly string[] }>
  writeFileSync(`${file}.new`, JSON.stringify([...urls, ...moduleLoadList]))
  renameSync(`${file}.new`, file)
}, 5)
timer.unref()
