import { samplesAbout } from '../../change/occurrence.ts'
import type { deletionIn } from '../../metrics/asking/deletion.ts'
import { AskFailure } from '../../metrics/asking/failure.ts'
import type { HubSide } from '../../api/hub-side.ts'
import type { DeletionAsked } from '../../metrics/metrics-side.ts'
import type { MetricsThread } from '../../metrics/thread/metrics-thread.ts'
import type { Store } from '../../store/store.ts'

type DeletingWorld = Readonly<{
  thread: Pick<MetricsThread, 'delete'>
  ledger: Store['ledger']
  /** The far engine that answers in our place, if there is one. */
  farUrl: () => string | null
  now: () => number
}>

/** Deletes samples, after the ledger has who wanted it. */
export function deletingIn({ thread, ledger, farUrl, now }: DeletingWorld): HubSide['deleteSamples'] {
  return async (asked) => {
    const url = farUrl()
    if (url !== null)
      return { wrong: `the samples that are asked for lie at ${url}, and have to be deleted there` }
    // It brings the parser of queries along, which the hub does without until somebody deletes.
    const { deletionIn: read } = await import('../../metrics/asking/deletion.ts')
    try {
      const params = new URLSearchParams(asked.params)
      const wish = read(params)
      const atMs = now()
      await ledger.record(samplesAbout, orderOf(asked, params, wish), atMs)
      return await thread.delete({ ...wish, who: asked.who, atMs })
    } catch (thrown) {
      if (thrown instanceof AskFailure) return { wrong: thrown.message }
      throw thrown
    }
  }
}

function orderOf(
  { who, door }: DeletionAsked,
  params: URLSearchParams,
  { fromMs, toMs }: ReturnType<typeof deletionIn>,
) {
  return {
    type: 'delete-ordered',
    selectors: params.getAll('match[]'),
    from: params.has('start') ? fromMs : null,
    to: params.has('end') ? toMs : null,
    who,
    door,
  } as const
}
