import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const readyLimitMs = 30_000

/** A Prometheus of one's own, empty, on a free port of this machine. */
export type Prometheus = Readonly<{ address: string; version: string; close: () => Promise<void> }>

export async function startPrometheus(): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  await writeFile(config, 'global: {}\n')
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const close = async (): Promise<void> => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await ready(address)
    return { address, version: await versionOf(address), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function ready(address: string): Promise<void> {
  const until = Date.now() + readyLimitMs
  while (Date.now() < until) {
    const answer = await fetch(`${address}/-/ready`).catch(() => null)
    if (answer?.ok === true) return
    await sleep(100)
  }
  throw new Error(`the Prometheus at ${address} was not ready after ${readyLimitMs / 1000} s`)
}

async function versionOf(address: string): Promise<string> {
  const answer = await fetch(`${address}/api/v1/status/buildinfo`)
  const { data } = (await answer.json()) as { data: { version: string } }
  return data.version
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a port has a number')
  return address.port
}
