import type { Args } from '../args.ts'
import { hostNamed } from './named.ts'
import { projectNeeded } from '../hub/reach/project.ts'
import { paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'

/** `tandem host remove NAME`: takes the line out of tandem.ts. Nothing connects to the host. */
export async function removeCommand(args: Args, world: World, name: string): Promise<number> {
  const { via } = await hostNamed(name, args, world)
  const { removeHost } = await import('../../config/edit/add-host.ts')
  const file = await removeHost(projectNeeded(args, world), name)
  if (args.has('json')) {
    world.out(JSON.stringify({ removed: name, file }))
    return 0
  }
  world.out(`${paintFor(world.screen()).good('✓')} ${name} is out of ${file}: commit it`)
  const root = via.kind === 'local' ? `.tandem/hosts/${name}` : '/var/lib/tandem'
  world.out(`what was done there stays: apps go on running, and files, packages and users are as they were`)
  world.out(`Tandem's own things on ${name} are in ${root}; what happened there stays in the ledger`)
  return 0
}
