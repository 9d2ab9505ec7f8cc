import { existsSync } from 'node:fs'
import { mustRun, run } from '../../lab/run.ts'

/** A program of a peer, and the package of Debian that it comes in. */
export type Peer = Readonly<{ program: string; pack: string }>

const installLimitMs = 5 * 60_000

/** Installs the peers that are missing here. Throws where it may not. */
export async function mustHave(peers: readonly Peer[]): Promise<void> {
  const there = await Promise.all(
    peers.map(({ program }) => run(['sh', '-c', 'command -v "$1"', 'sh', program])),
  )
  const packs = peers.filter((_, index) => there[index]?.code !== 0).map(({ pack }) => pack)
  if (packs.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    throw new Error(
      `${packs.join(' ')} is missing, and only root on Debian or Ubuntu may install it from here`,
    )
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120']
  console.log(`installing ${packs.join(' ')}`)
  const install = ['apt-get', ...wait, 'install', '-y', '-qq', '--no-install-recommends', ...packs]
  await mustRun(install, { env, timeoutMs: installLimitMs })
}
