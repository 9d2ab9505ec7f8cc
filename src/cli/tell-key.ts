import type { Args } from './args.ts'
import type { World } from './world.ts'

/** A secret is shown this once. What is said of it goes beside it, so that it can be piped on alone. */
export function tellMade(made: Readonly<{ secret: string }>, says: string, args: Args, world: World): number {
  if (args.has('json')) world.out(JSON.stringify(made))
  else {
    world.err(says)
    world.out(made.secret)
  }
  return 0
}

export function tellRevoked(id: string, args: Args, world: World): number {
  world.out(args.has('json') ? JSON.stringify({ revoked: id }) : `${id} is worth nothing any more`)
  return 0
}
