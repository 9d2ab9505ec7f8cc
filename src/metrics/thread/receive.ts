import { TooLong, Unreadable } from '../ingest/unreadable.ts'
import type { Intake, Reason } from '../intake.ts'
import { DiskFull } from '../storage/disk-full.ts'
import type { OwnSamples, Receipt, TakenCount } from '../metrics-side.ts'

/** What became of samples, whatever happened to them. Throws what is a bug. */
export function receive(take: () => TakenCount): Receipt {
  try {
    return { type: 'taken', ...take() }
  } catch (thrown) {
    if (thrown instanceof Unreadable)
      return { type: 'malformed', what: thrown.message, isTooLong: thrown instanceof TooLong }
    if (!isOfDisk(thrown)) throw thrown
    return {
      type: 'later',
      what: thrown instanceof DiskFull ? thrown.message : `samples cannot be written down: ${thrown.message}`,
    }
  }
}

export function writeOwn(
  intake: Intake,
  { labels, times, values, stale, described }: OwnSamples,
): TakenCount {
  for (const [metric, said] of Object.entries(described ?? {})) intake.describe(metric, said)
  const series = labels.map((each) => intake.numberOf(each))
  const { taken, refused } = intake.take({ series, times, values, stale })
  const counts: Partial<Record<Reason, number>> = {}
  for (const { why } of refused) counts[why] = (counts[why] ?? 0) + 1
  return { samples: times.length, taken, refused: counts }
}

/** What disks say of themselves; people mend that, and meanwhile we go on. */
const disk: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EFBIG'])

export function isOfDisk(thrown: unknown): thrown is Error {
  if (thrown instanceof DiskFull) return true
  return thrown instanceof Error && 'code' in thrown && disk.has(thrown.code)
}
