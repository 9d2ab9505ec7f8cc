import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/**
 * The environment of a thread: that of the process, and the folder of compiled code, which programs that we start are not
 * told of. Without it each thread has the whole compiler of Node read our files anew, and keeps it in memory.
 */
export function threadEnvironment(): NodeJS.ProcessEnv {
  const versioned = getCompileCacheDir()
  return versioned === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(versioned) }
}
