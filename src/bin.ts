import { main } from './cli/main.ts'
import { processWorld } from './cli/world.ts'

// The launcher sets these for us alone: programs that we start shall not have them.
for (const name of ['MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_', 'MALLOC_TRIM_THRESHOLD_'])
  delete process.env[name]
if (process.env['NODE_COMPILE_CACHE']?.endsWith('/tandem/compiled')) delete process.env['NODE_COMPILE_CACHE']

process.exitCode = await main(process.argv.slice(2), processWorld())
