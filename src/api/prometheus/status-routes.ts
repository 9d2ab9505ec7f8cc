import { availableParallelism } from 'node:os'
import type { Context, Hono } from 'hono'
import type { Json } from '../../change/json.ts'
import type { HubSide } from '../hub-side.ts'
import type { Asked, World } from '../person/auth.ts'
import { limitOf, tsdbStatus } from './tsdb-status.ts'

/** What is said to be when asked: which words and which answers may be expected. */
const spoken = '2.42.0'

/** What is watched, and how it stands with us, in the words of Prometheus. */
export function addStatus(api: Hono<Asked>, side: HubSide, world: World): void {
  const { metrics, watching } = side
  const startTime = new Date(world.now()).toISOString()
  const says = (c: Context, data: Json): Response => c.json({ status: 'success', data })
  const paramsIn = (c: Context): URLSearchParams => new URL(c.req.url).searchParams
  api.get('/targets', async (c) => says(c, await watching.targets(paramsIn(c))))
  api.get('/rules', async (c) => says(c, await watching.rules(paramsIn(c))))
  api.get('/alerts', async (c) => says(c, await watching.alerts()))
  api.get('/alertmanagers', (c) => says(c, { activeAlertmanagers: [], droppedAlertmanagers: [] }))
  api.get('/status/buildinfo', (c) => says(c, buildInfo(side.version)))
  api.get('/status/tsdb', async (c) => says(c, tsdbStatus(await metrics.top(limitOf(paramsIn(c))))))
  api.get('/status/config', async (c) => says(c, { yaml: (await watching.settings()).yaml }))
  api.get('/status/flags', async (c) => says(c, (await watching.settings()).flags))
  api.get('/status/runtimeinfo', async (c) => says(c, { startTime, ...(await runtimeInfo(side)) }))
  api.get('/status/walreplay', async (c) => {
    // Nobody is answered before the log was read.
    const { log } = await metrics.top(1)
    return says(c, { min: log.first, max: log.last, current: log.last })
  })
}

const buildInfo = (version: string): Json => ({
  version: spoken,
  revision: `tandem ${version}`,
  branch: '',
  buildUser: '',
  buildDate: '',
  goVersion: '',
})

async function runtimeInfo({ metrics, watching }: HubSide) {
  const [{ corruptions }, { isRead, readAt, retention }] = await Promise.all([
    metrics.top(1),
    watching.settings(),
  ])
  return {
    CWD: process.cwd(),
    reloadConfigSuccess: isRead,
    lastConfigTime: new Date(readAt).toISOString(),
    corruptionCount: corruptions,
    // There are none outside of Go.
    goroutineCount: 0,
    GOMAXPROCS: availableParallelism(),
    GOGC: '',
    GODEBUG: '',
    storageRetention: retention,
  }
}
