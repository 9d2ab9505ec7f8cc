import type { Ci } from '../../ci/ci.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Run } from '../../store/runs.ts'
import type { Relay } from '../../vcs/push.ts'
import { onGreen } from '../ci/lanes.ts'
import { type TellWorld, tellPush } from './tell.ts'

/** As many may wait at one time: the door of the hooks needs room for pushes that come. */
export const mostListeners = 24

/** Those who wait at the end of their push. */
export type Listeners = Readonly<{
  /** Tells what becomes of a run, and ends the relay. */
  tell: (run: Run, relay: Relay) => void
  /** Sends all away with a word on where it goes on; nobody is let in any more. Resolves when that is said. */
  letGo: () => Promise<void>
}>

type Parts = Pick<TellWorld, 'store' | 'train' | 'planOf'> &
  Readonly<{
    config: () => Promise<TeamConfig>
    runs: Pick<Ci, 'log'>
    world: Pick<TellWorld, 'now' | 'sleep'>
    broke: (thrown: unknown) => void
  }>

export function openListeners({ config, runs, world: { now, sleep }, broke, ...parts }: Parts): Listeners {
  const world: TellWorld = { ...parts, now, sleep, log: runs.log, targets }
  const open = new Set<Promise<void>>()
  const leaving = new AbortController()
  const tell = async ({ id }: Run, relay: Relay): Promise<void> => {
    try {
      await tellPush(world, id, { relay, leaving: leaving.signal })
    } catch (thrown) {
      relay.say(`this goes on, but cannot be told here: see \`tandem runs show ${id}\``)
      broke(thrown)
    } finally {
      relay.end()
    }
  }
  /** While somebody is writing tandem.ts nobody can say where it goes. */
  async function targets(repo: string, ref: string): Promise<readonly string[]> {
    const team = await config().catch(() => null)
    const lanes = team === null ? [] : onGreen(team)
    const here = lanes.filter((lane) => lane.repo === repo && ref === `refs/heads/${lane.branch}`)
    return here.map(({ target }) => target)
  }
  return {
    tell: (run, relay) => {
      if (relay.gone.aborted) return relay.end()
      if (open.size >= mostListeners) {
        relay.say(`${run.id}: ${open.size} wait for theirs already; see \`tandem runs show ${run.id}\``)
        return relay.end()
      }
      const told = tell(run, relay).finally(() => open.delete(told))
      open.add(told)
    },
    letGo: async () => {
      leaving.abort()
      await Promise.all(open)
    },
  }
}
