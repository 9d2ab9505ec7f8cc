import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { HubProcess } from '../../e2e/lab/hub-process.ts'
import { person } from '../../e2e/lab/project.ts'
import { startPrometheus } from '../differential/prometheus.ts'
import { freePort, startPeer } from '../lib/peer-process.ts'

/** What keeps samples and answers queries: one of ours or of others, empty and in a process of its own. */
export type Keeper = Readonly<{
  name: 'tandem' | 'prometheus' | 'victoria-metrics'
  address: string
  pid: () => number
  headers: Readonly<Record<string, string>>
  /** What is added to a query so that nothing is answered from what was answered before. */
  uncached: string
  /** How many bytes all that it was given takes when it lies in its final form, index and all. */
  settledBytes: (nowMs: number, sendOne: (ms: number) => Promise<void>) => Promise<number>
  close: () => Promise<void>
}>

const settledLimitMs = 180_000

/** A whole hub, as people start it. */
export async function startTandem(): Promise<Keeper> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-metrics-'))
  const people = `{ ${person}: { name: 'Ada', may: 'everything' } }`
  const config = `import { tandem } from 'tandem'\nexport default tandem({ people: ${people}, hosts: { here: { via: 'local' } } })\n`
  await writeFile(join(folder, 'tandem.ts'), config)
  const hub = new HubProcess({ folder, stateDir: join(folder, '.tandem') })
  await hub.start()
  return {
    name: 'tandem',
    address: hub.url,
    pid: () => hub.pid,
    headers: { authorization: `Bearer ${hub.token}` },
    uncached: '',
    settledBytes: async (newestMs, sendOne) => {
      // A block is written once nothing may be late for it; so time goes on.
      await sendOne(newestMs + 4 * 3_600_000)
      const blocks = join(folder, '.tandem/metrics/blocks')
      const until = Date.now() + settledLimitMs
      while (globSync('*', { cwd: blocks }).length === 0 && Date.now() < until) await pause(500)
      await pause(1_000)
      return bytesIn(blocks)
    },
    close: async () => {
      await hub.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function startPrometheusKeeper(): Promise<Keeper> {
  const peer = await startPrometheus()
  return {
    name: 'prometheus',
    address: peer.address,
    pid: () => peer.pid,
    headers: {},
    uncached: '',
    settledBytes: async () => {
      await mustPost(`${peer.address}/api/v1/admin/tsdb/snapshot`)
      return bytesIn(join(peer.folder, 'snapshots'))
    },
    close: peer.close,
  }
}

export async function startVictoriaMetrics(): Promise<Keeper> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-victoria-'))
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const command = [
    'victoria-metrics',
    `-storageDataPath=${folder}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=100y',
    '-loggerLevel=ERROR',
  ]
  const { pid, end, kill } = await startPeer(command, `${address}/health`)
  return {
    name: 'victoria-metrics',
    address,
    pid: () => pid,
    headers: {},
    uncached: '&nocache=1',
    settledBytes: async () => {
      await mustPost(`${address}/internal/force_flush`)
      await mustPost(`${address}/internal/force_merge`)
      await pause(3_000)
      await end()
      return (await bytesIn(join(folder, 'data'))) + (await bytesIn(join(folder, 'indexdb')))
    },
    close: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function mustPost(url: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST' })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
}

async function bytesIn(folder: string): Promise<number> {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((file) => file.isFile())
  const sizes = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))))
  return sizes.reduce((sum, { size }) => sum + size, 0)
}
