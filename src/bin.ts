import { main } from './cli/main.ts'
import { processWorld } from './cli/world.ts'

// The launcher sets it for us alone: programs that we start shall not write to our cache.
if (process.env['NODE_COMPILE_CACHE']?.endsWith('/tandem/compiled')) delete process.env['NODE_COMPILE_CACHE']

process.exitCode = await main(process.argv.slice(2), processWorld())
