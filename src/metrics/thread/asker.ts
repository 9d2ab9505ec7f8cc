import { answer, answerAtOnce, type Known } from '../asking/ask.ts'
import { failure } from '../asking/envelope.ts'
import { AskFailure } from '../asking/failure.ts'
import type { Answered } from '../metrics-side.ts'
import type { Limits } from '../promql/evaluate/budget.ts'
import { hasLeft } from './leaving.ts'
import type { Line } from './line.ts'
import type { Question } from './wire.ts'

/** How many questions may wait for others. */
const lineLimit = 200
/** A question that would have to wait for others is tried for so long before they go on. */
const briefMs = 50

export type AskerWorld = Readonly<{
  line: Line
  /** Where those are marked who no longer wait. */
  marks: Int32Array
  /** Called again and again while a question is computed. */
  meanwhile: () => void
  /** Whether something is being computed, in the middle of which we are asked. */
  isAmid: () => boolean
  known: (isAborted: Limits['isAborted']) => Known
}>

/**
 * Answers questions one after the other, as there is one processor for them; but a short one does not wait for the end of
 * long ones: who would have to wait is tried at once, and only what is long itself stands in line and begins anew
 * (docs/decisions/0020-short-questions-overtake.md).
 */
export function asker(world: AskerWorld): (question: Question) => Answered | Promise<Answered> {
  const { line, marks, meanwhile, isAmid, known } = world
  return ({ asked, place }) => {
    const isGone = (): boolean => hasLeft(marks, place)
    const mustWait = isAmid() || line.length > 0
    const brief = mustWait
      ? briefly((isLong) =>
          answerAtOnce(
            asked,
            known(() => isLong() || isGone()),
          ),
        )
      : null
    if (brief !== null) return brief
    if (line.length >= lineLimit) return tooMany()
    const isAborted = (): boolean => {
      meanwhile()
      return isGone()
    }
    return line.add(() => answer(asked, known(isAborted)))
  }
}

class Overdue extends Error {}

/** What comes of a question in a short while; null when it takes longer. */
function briefly(work: (isLong: () => boolean) => Answered | null): Answered | null {
  const until = performance.now() + briefMs
  const isLong = (): boolean => {
    if (performance.now() > until) throw new Overdue()
    return false
  }
  try {
    return work(isLong)
  } catch (thrown) {
    if (thrown instanceof Overdue) return null
    throw thrown
  }
}

const tooMany = () => failure(new AskFailure('unavailable', `${lineLimit} questions wait already`))
