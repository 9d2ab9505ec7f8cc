import { type Client, makeClient } from '../../api/client/client.ts'
import { join } from 'node:path'
import type { Hub } from '../../hub.ts'
import { localToken } from '../hub/reach/local-token.ts'
import { openHubHere, tellBug } from '../hub/reach/open-hub.ts'
import { removeHubFile, writeHubFile } from '../hub/reach/hub-file.ts'
import type { World } from '../world.ts'
import type { Place } from './place.ts'

/** The hub of the demo on its port, and a client of it. */
export type ServedHub = Readonly<{
  hub: Hub
  client: Client
  url: string
  /** Logs a browser in. */
  link: string
  close: () => Promise<void>
}>

export async function serveHub(place: Place, world: World): Promise<ServedHub> {
  const [{ makeDoors }, { serve }] = await Promise.all([
    import('../../api/doors.ts'),
    import('../../api/serve/serve.ts'),
  ])
  const hub = await openHubHere(world, { projectDir: place.shop, stateDir: place.stateDir, kind: 'hub' })
  try {
    const token = await localToken(hub.side, place.stateDir, world)
    const doors = makeDoors(hub.side, { now: world.now, broke: (_, thrown) => tellBug(world, thrown) })
    const webDir = join(place.root, 'build', 'web')
    const serving = await serve(doors, { host: '127.0.0.1', port: null, webDir })
    await hub.start()
    await writeHubFile(place.stateDir, serving.url)
    const fetch = (request: Request) => doors.api.request(request)
    return {
      hub,
      client: makeClient({ fetch, base: serving.url, token, door: 'cli' }),
      url: serving.url,
      link: `${serving.url}/login#token=${token}`,
      close: async () => {
        await removeHubFile(place.stateDir)
        await serving.stop()
        await hub.close()
      },
    }
  } catch (thrown) {
    await hub.close()
    throw thrown
  }
}
