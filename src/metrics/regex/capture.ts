import { holds, isPlace, type Program } from './program.ts'

type Thread = Readonly<{ step: number; marks: readonly number[] }>

/**
 * Matches the whole text and says where each group was: begin and end by turns, -1 where a group took no part; null when
 * the text does not match. Of several ways the one that Perl would find first is taken. All ways are followed at once
 * (Pike's machine), so the time grows with the length of both and no faster.
 */
export function capture(program: Program, text: string): readonly number[] | null {
  const none: readonly number[] = Array.from({ length: 2 * program.groups.length }, () => -1)
  let threads = entered(program, [{ step: 0, marks: none }], text, 0)
  let index = 0
  while (index < text.length && threads.length > 0) {
    const point = text.codePointAt(index) ?? 0
    index += point > 0xffff ? 2 : 1
    const moved = threads.flatMap(({ step, marks }) => {
      const at = program.steps[step]
      return at?.type === 'set' && holds(at.set, point) ? [{ step: step + 1, marks }] : []
    })
    threads = entered(program, moved, text, index)
  }
  const end = threads.find(({ step }) => program.steps[step]?.type === 'found')
  if (end === undefined || index < text.length) return null
  return [0, text.length, ...end.marks.slice(2)]
}

/** Follows each thread to the steps that wait for a character or are the end, best first. */
function entered(
  program: Program,
  threads: readonly Thread[],
  text: string,
  index: number,
): readonly Thread[] {
  const seen = new Set<number>()
  const reached: Thread[] = []
  const pending = threads.toReversed()
  for (let thread = pending.pop(); thread !== undefined; thread = pending.pop()) {
    const { step, marks } = thread
    if (seen.has(step)) continue
    seen.add(step)
    const at = program.steps[step]
    if (at === undefined) continue
    switch (at.type) {
      case 'set':
      case 'found':
        reached.push(thread)
        break
      case 'fork':
        pending.push(...at.to.map((to) => ({ step: to, marks })).toReversed())
        break
      case 'place':
        if (isPlace(at.at, text, index)) pending.push({ step: step + 1, marks })
        break
      case 'mark':
        pending.push({ step: step + 1, marks: marks.with(at.slot, index) })
    }
  }
  return reached
}
