import type { Args } from '../args.ts'
import { projectNeeded } from '../hub/reach/project.ts'
import { paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'

/** `tandem repo new NAME`: a line more in tandem.ts; the hub that runs makes the repository. */
export async function newRepoCommand(args: Args, world: World, name: string): Promise<number> {
  const dir = projectNeeded(args, world)
  const { addRepo } = await import('../../config/edit/add-host.ts')
  const { file, config } = await addRepo(dir, name)
  const url = `${config.url ?? 'https://YOUR-HUB'}/git/${name}.git`
  if (args.has('json')) {
    world.out(JSON.stringify({ repo: name, file, url: config.url === null ? null : url }))
    return 0
  }
  const paint = paintFor(world.screen())
  world.out(
    `${paint.good('✓')} ${name} is in ${file}: commit it. the hub makes it within two seconds while it runs`,
  )
  world.out(`next: git remote add tandem ${url}`)
  if (config.url === null) world.out("      (say where the hub is in tandem.ts: url: 'https://…')")
  return 0
}
