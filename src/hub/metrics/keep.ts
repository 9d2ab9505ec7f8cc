import type { TeamConfig } from '../../config/config.ts'
import { keepConfig } from '../../config/metrics/keep-schema.ts'
import type { KeepConfig } from '../../config/metrics/metrics.ts'
import type { Keep } from '../../metrics/metrics-side.ts'

const always = Number.MAX_SAFE_INTEGER

/** How samples are kept from the start. While tandem.ts cannot be read nobody knows how long they are wanted, so none goes. */
export function keepAtFirst(config: () => Promise<TeamConfig>): Promise<Keep> {
  return config().then(
    ({ metrics }) => keepOf(metrics.keep),
    () => keepOf({ ...keepConfig(), keptMs: always, keptMinutesMs: always, keptHoursMs: always }),
  )
}

/** Looks whether tandem.ts says otherwise by now; one that cannot be read says nothing. */
export function followKeep(
  heeded: Keep,
  config: () => Promise<TeamConfig>,
  keep: (keep: Keep) => Promise<void>,
): () => Promise<void> {
  let last = JSON.stringify(heeded)
  return async () => {
    const read = await config().catch(() => null)
    if (read === null) return
    const wanted = keepOf(read.metrics.keep)
    if (JSON.stringify(wanted) === last) return
    await keep(wanted)
    last = JSON.stringify(wanted)
  }
}

const keepOf = ({ keptBytes, ...rest }: KeepConfig): Keep => ({ ...rest, keptBytes: keptBytes ?? Infinity })
