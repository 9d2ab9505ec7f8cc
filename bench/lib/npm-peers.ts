import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../../lab/root-fs.ts'
import { run } from '../../lab/run.ts'

const installLimitMs = 3 * 60_000
const sources = ['package.json', 'package-lock.json']

/** Installs the packages that a folder names into the cache, where the same ones are not there yet, and gives their folder. */
export async function npmPeers(from: string, name: string): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) hash.update(readFileSync(join(from, source)))
  const folder = join(cacheFolder(), `${name}-${hash.digest('hex').slice(0, 12)}`)
  if (existsSync(folder)) return folder
  console.log(`installing peers into ${folder}; once`)
  const half = `${folder}.${process.pid}.half`
  await mkdir(half, { recursive: true })
  for (const source of sources) await copyFile(join(from, source), join(half, source))
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { code, stderr } = await run(['npm', 'ci', '--prefix', half, ...quiet], { timeoutMs: installLimitMs })
  if (code !== 0) throw new Error(`npm could not install the peers of this bench: ${stderr}`)
  await rename(half, folder).catch(() => rm(half, { recursive: true }))
  return folder
}
