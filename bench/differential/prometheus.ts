import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startPeer } from '../lib/peer-process.ts'

/** A Prometheus of one's own, empty, on a free port of this machine. */
export type Prometheus = Readonly<{
  address: string
  version: string
  pid: number
  /** Where its samples are. */
  folder: string
  close: () => Promise<void>
}>

/** `says` is its configuration. */
export async function startPrometheus(says = 'global: {}\n'): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  await writeFile(config, says, { mode: 0o600 })
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const samples = join(folder, 'samples')
  const command = [
    'prometheus',
    `--config.file=${config}`,
    `--storage.tsdb.path=${samples}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--web.enable-admin-api',
    '--log.level=error',
  ]
  const { pid, kill } = await startPeer(command, `${address}/-/ready`)
  const close = async (): Promise<void> => {
    await kill()
    await rm(folder, { recursive: true, force: true })
  }
  return { address, version: await versionOf(address), pid, folder: samples, close }
}

async function versionOf(address: string): Promise<string> {
  const answer = await fetch(`${address}/api/v1/status/buildinfo`)
  const { data } = (await answer.json()) as { data: { version: string } }
  return data.version
}
