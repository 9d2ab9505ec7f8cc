import type { Run } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Pushed, Relay } from '../../vcs/push.ts'
import type { RunsHere } from '../ci/run-side.ts'

/** What is done with every push. */
export type PushWorld = Readonly<{
  store: Store
  moved: RunsHere['moved']
  /** Tells who waits for it what becomes of a run, and ends the relay. Not waited for: the next push is taken meanwhile. */
  tell: (run: Run, relay: Relay) => void
}>

/** Every push ends here, however it came. What was written down already is a push told again after a crash. */
export async function takePush(
  { store, moved, tell }: PushWorld,
  { repo, ...pushed }: Pushed,
  relay: Relay,
): Promise<void> {
  // Two hubs may find the same push at once: one that ends and the one after it.
  await store.ledger.recordUnless(repo, { type: 'pushed', ...pushed }, Date.now(), (newest) => {
    const last = newest.find((aside) => aside.type === 'pushed' && aside.ref === pushed.ref)
    return last?.type === 'pushed' && last.from === pushed.from && last.to === pushed.to
  })
  const run = await moved({ repo, ...pushed })
  if (run === null) relay.end()
  else tell(run, relay)
}
