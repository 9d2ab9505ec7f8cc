import type { Columns, Intake } from '../intake.ts'
import type { Block } from './queue/block.ts'
import { Requests } from './requests.ts'

export type FarIntake = Readonly<{
  /** Throws what the file system throws: then it is lost for the far side. */
  append: (block: Block) => void
  now: () => number
  /** So many samples could not be queued, and why. */
  failed: (samples: number, why: Error) => void
  /** Added to series that lack them. */
  labels: Readonly<Record<string, string>>
}>

/** An intake whose samples are queued for the far side as well, before anybody is told that they were taken. */
export function withFar(intake: Intake, { append, now, failed, labels }: FarIntake): Intake {
  const requests = new Requests(labels)
  let era = intake.era()
  const queue = (columns: Columns, refused: ReadonlySet<number>): void => {
    const { samples, body } = requests.body(columns, refused)
    if (samples === 0) return
    try {
      append({ samples, queuedMs: now(), body })
    } catch (thrown) {
      // A disk that is full is no reason to refuse what the store could keep.
      if (!(thrown instanceof Error && 'code' in thrown)) throw thrown
      failed(samples, thrown)
    }
  }
  return {
    ...intake,
    numberOf: (wanted) => {
      const number = intake.numberOf(wanted)
      if (intake.era() !== era) {
        requests.forget()
        era = intake.era()
      }
      if (!requests.knows(number)) requests.name(number, wanted)
      return number
    },
    take: (columns) => {
      const taken = intake.take(columns)
      queue(columns, new Set(taken.refused.map(({ at }) => at)))
      return taken
    },
  }
}
