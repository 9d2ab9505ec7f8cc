import type { Hub } from '../../../hub.ts'
import type { HubOptions } from '../../../hub/options.ts'
import { ownIdentity } from '../../secret/identity.ts'
import type { World } from '../../world.ts'

/** Loads the hub only where it runs: a command that asks one far away starts without it. */
export async function openHubHere(
  world: World,
  place: Pick<HubOptions, 'projectDir' | 'stateDir' | 'kind' | 'config' | 'sudoPassword'>,
): Promise<Hub> {
  const { openHub } = await import('../../../hub.ts')
  const password = world.env['TANDEM_SUDO_PASSWORD']
  return openHub({
    ...place,
    identity: () => ownIdentity(world),
    broke: (thrown) => tellBug(world, thrown),
    tell: (line) => world.err(line),
    ...(password === undefined ? {} : { sudoPassword: async () => password }),
  })
}

/** Shows a bug of ours with its stack, for the report; everything else goes on. */
export function tellBug(world: World, thrown: unknown): void {
  world.err(`tandem: a bug: ${thrown instanceof Error ? thrown.stack : String(thrown)}`)
}
