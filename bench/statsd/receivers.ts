import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { npmPeers } from '../lib/npm-peers.ts'
import { freePort } from '../../src/metrics/wires/try-port.ts'

export type Receiver = Readonly<{
  name: string
  port: number
  /** How many counts it has taken by now. */
  counted: () => Promise<number>
  /** Seconds of processor time of the whole process so far. */
  processorS: () => number
  /** What else is to be said of it. */
  notes: readonly string[]
  close: () => Promise<void>
}>

/** Both are held to one core, where the machine can do that; the sender has another. */
export const receiverCore = 1

const waitMs = 60_000
/** The daemon is made for a Node that still had this. */
const oldNode = 'data:text/javascript,import util from "node:util"; util.log ??= () => undefined'

function start(core: readonly string[], argv: readonly string[]): ChildProcess {
  const [program = '', ...rest] = [...core, ...argv]
  return spawn(program, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

/** The whole hub: the thread that listens, the one that keeps, and the rest. */
export async function openTandem(core: readonly string[]): Promise<Receiver> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-bench-statsd-'))
  const port = await freePort()
  const child = start(core, [process.execPath, join(import.meta.dirname, 'hub-process.ts'), dir, `${port}`])
  const notes: string[] = []
  const values = new Map<string, number>()
  child.on('message', (said: { line?: string; asked?: string; value?: number }) => {
    if (said.line !== undefined) notes.push(said.line)
    if (said.asked !== undefined) values.set(said.asked, said.value ?? NaN)
  })
  await until(() => notes.some((line) => line.startsWith('statsd listens')), child)
  const ask = async (query: string): Promise<number> => {
    values.delete(query)
    child.send(query)
    await until(() => values.has(query), child)
    return values.get(query) ?? NaN
  }
  return {
    name: 'tandem',
    port,
    counted: () => ask('sum({__name__=~"bench_requests_.*"})'),
    processorS: () => processorS(child),
    notes,
    close: async () => {
      child.send('end')
      await once(child, 'exit')
      await rm(dir, { recursive: true })
    },
  }
}

/** Etsy's daemon as npm has it, without a backend: what it has counted is asked by its own port for that. */
export async function openStatsd(core: readonly string[]): Promise<Receiver> {
  const peers = await npmPeers(join(import.meta.dirname, 'peers'), 'statsd-peers')
  const dir = await mkdtemp(join(tmpdir(), 'tandem-bench-statsd-'))
  const [port, adminPort] = [await freePort(), await freePort()]
  const config = { address: '127.0.0.1', port, mgmt_address: '127.0.0.1', mgmt_port: adminPort }
  // It forgets its counts with each flush.
  await writeFile(
    join(dir, 'config.js'),
    JSON.stringify({ ...config, flushInterval: 3_600_000, backends: [] }),
  )
  const program = join(peers, 'node_modules/statsd/stats.js')
  const child = start(core, [process.execPath, '--import', oldNode, program, join(dir, 'config.js')])
  await until(() => counters(adminPort).then((text) => text !== null), child)
  return {
    name: 'statsd',
    port,
    counted: async () => sumOf((await counters(adminPort)) ?? ''),
    processorS: () => processorS(child),
    notes: [],
    close: async () => {
      child.kill()
      await once(child, 'exit')
      await rm(dir, { recursive: true })
    },
  }
}

/** What it says to `counters`; null while it does not listen. */
function counters(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write('counters\n'))
    socket.on('data', (piece) => {
      text += piece.toString()
      if (text.includes('END')) socket.end()
    })
    socket.on('error', () => resolve(null))
    socket.on('close', () => resolve(text === '' ? null : text))
  })
}

function sumOf(text: string): number {
  return [...text.matchAll(/bench\.requests\.n\d+['"]?: (\d+)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

/** User and system time of all threads, in ticks of a hundredth of a second. */
function processorS({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function until(isThere: () => boolean | Promise<boolean>, child: ChildProcess): Promise<void> {
  const endMs = performance.now() + waitMs
  while (!(await isThere())) {
    if (child.exitCode !== null) throw new Error(`a receiver ended with ${child.exitCode}`)
    if (performance.now() > endMs) throw new Error('a receiver has not answered for a minute')
    await pause(50)
  }
}
