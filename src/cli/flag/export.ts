import { paintFor, tame } from '../../words/paint.ts'
import { type Args, usage } from '../args.ts'
import { withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf } from './asked.ts'

/** Prints the flags of an environment as definitions for flagd; what it cannot say is told beside. */
export function exportFlags(args: Args, world: World, [extra]: readonly string[]): Promise<number> {
  if (extra !== undefined) throw usage('flag export takes no name', 'write `tandem flag export > flags.json`')
  return withHub(args, world, async ({ client }) => {
    const here = await client.call('GET /api/flags', { query: { environment: environmentOf(args) } })
    const { toFlagd } = await import('../../flags/exchange/flagd/export.ts')
    const { file, remarks } = toFlagd({
      flags: Object.fromEntries(here.flags.map(({ key, flag }) => [key, flag])),
      segments: Object.fromEntries(here.segments.map(({ key, segment }) => [key, segment])),
    })
    const paint = paintFor(world.screen())
    for (const { flag, isLeftOut, says } of remarks) {
      const who = flag === null ? '' : `${tame(flag)}: `
      world.err(
        isLeftOut ? paint.care(`! ${who}left out: ${tame(says)}`) : paint.dim(`  ${who}${tame(says)}`),
      )
    }
    world.out(args.has('json') ? JSON.stringify({ file, remarks }) : JSON.stringify(file, null, 2))
    return 0
  })
}
