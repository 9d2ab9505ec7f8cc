import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TeamConfig } from '../config.ts'
import { type Loaded, loadConfig } from './load.ts'

/** Reads the configuration when it is asked for, and again only when one of its files was written since. */
export function configReader(dir: string): () => Promise<TeamConfig> {
  let kept: Readonly<{ stamp: string; loaded: Loaded }> | null = null
  return async () => {
    const files = kept === null ? ['tandem.ts'] : kept.loaded.files
    const before = await stampOf(dir, files)
    if (kept !== null && kept.stamp === before) return kept.loaded.config
    const loaded = await loadConfig(dir)
    kept = { stamp: await stampOf(dir, loaded.files), loaded }
    return loaded.config
  }
}

/** What tells one state of files from another. */
export async function stampOf(dir: string, files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(join(dir, file)).catch(() => null)))
  return stats.map((one, nth) => `${files[nth]} ${one?.mtimeMs} ${one?.size} ${one?.ino}`).join('\n')
}
