import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { JobOrder } from './order.ts'

/** Starts supervisors. One is always kept ready, so that a job need not wait for a Node to begin. */
export type Starter = Readonly<{ start: (order: JobOrder) => Promise<void>; close: () => void }>

const program = join(import.meta.dirname, 'main.ts')
/** Stopping the hub's unit ends all that is in it; in a scope of its own a supervisor goes on. */
const scopeWords = (user: readonly string[]): readonly string[] => [
  'systemd-run',
  ...user,
  '--scope',
  '--quiet',
  '--collect',
  '--property=TasksMax=8192',
  // Niceness counts within a scope alone; beside the hub's unit, these do. Usual is 100.
  '--property=CPUWeight=20',
  '--property=IOWeight=20',
  '--',
]

export function openStarter(): Starter {
  let hasScopes = isSystemdUnit()
  let ready: ChildProcess | null = null
  let isClosed = false
  const prepare = (): ChildProcess => {
    const child = spawnOne(hasScopes)
    child.once('exit', (code) => {
      // Without a bus of the user there are no scopes: better a supervisor in our unit than none.
      if (hasScopes && code !== 0 && !isClosed) hasScopes = false
      if (ready === child) ready = null
    })
    return child
  }
  ready = prepare()
  return {
    start: async (order) => {
      const child = ready ?? prepare()
      ready = null
      try {
        await give(child, order)
      } finally {
        if (!isClosed) ready = prepare()
      }
    },
    close: () => {
      isClosed = true
      ready?.stdin?.destroy()
    },
  }
}

function spawnOne(hasScopes: boolean): ChildProcess {
  const user = process.getuid?.() === 0 ? [] : ['--user']
  const [first, ...rest] = [...(hasScopes ? scopeWords(user) : []), process.execPath, program] as const
  const { PATH = '', XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS } = process.env
  const child = spawn(first, rest, {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    // It knows nothing of the hub's own secrets.
    env: { PATH, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS },
  })
  child.unref()
  child.on('error', () => undefined)
  // Who does not take its order does not make its first file, and is noticed by that.
  child.stdin?.on('error', () => undefined)
  return child
}

function give(child: ChildProcess, order: JobOrder): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  child.stdin?.once('close', resolve)
  if (child.stdin === null || child.stdin.destroyed) resolve()
  child.stdin?.end(`${JSON.stringify(order)}\n`)
  return promise
}

const isSystemdUnit = (): boolean =>
  process.env['INVOCATION_ID'] !== undefined && existsSync('/run/systemd/system')
