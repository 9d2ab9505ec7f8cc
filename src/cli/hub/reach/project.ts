import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { TroubleError } from '../../../change/trouble.ts'
import { usage } from '../../args.ts'
import type { Args } from '../../args.ts'
import type { World } from '../../world.ts'

/** The folder of `tandem.ts`: the one named with --project, or the nearest one upward; `null` when there is none. */
export function projectIn(args: Args, world: World): string | null {
  const named = args.text('project')
  if (named === null) return nearestProject(world.cwd)
  const dir = resolve(world.cwd, named)
  if (existsSync(join(dir, 'tandem.ts'))) return dir
  throw usage(
    `there is no tandem.ts in ${dir}`,
    'name its folder with --project, or write one with `tandem init`',
  )
}

/** As `projectIn`, for a command that cannot do without one. */
export function projectNeeded(args: Args, world: World): string {
  const project = projectIn(args, world)
  if (project !== null) return project
  throw new TroubleError({
    what: `there is no tandem.ts in ${world.cwd} or above it`,
    now: 'go to your project, or write one with `tandem init`',
  })
}

export const stateDirOf = (project: string): string => join(project, '.tandem')

function nearestProject(from: string): string | null {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'tandem.ts'))) return dir
    if (dir === dirname(dir)) return null
  }
}
