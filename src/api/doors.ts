import { makeApi } from './app.ts'
import type { World } from './person/auth.ts'
import { flagDoor } from './flag-door/flag-door.ts'
import { gitDoor } from './vcs/git-door.ts'
import type { HubSide } from './hub-side.ts'
import { intakeDoor } from './intake-door/intake-door.ts'
import { queryDoor } from './prometheus/query-door.ts'
import type { Doors } from './serve/serve.ts'

/** All ways into a hub over a network. */
export function makeDoors(side: HubSide, world: World): Doors {
  return {
    api: makeApi(side, world),
    git: gitDoor(side, world),
    flags: flagDoor(side, world),
    intake: intakeDoor(side, world),
    queries: queryDoor(side, world),
  }
}
