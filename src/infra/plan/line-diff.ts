/** How two lists of lines differ, in the order of the lines. */
export type LineDiff = readonly Readonly<{ type: 'same' | 'gone' | 'new'; text: string }>[]

/** Beyond this many differences the shortest way is not looked for: what differs is told as gone, then new. */
const mostEdits = 1000

/** The shortest way from one list of lines to another (Myers 1986), equal beginnings and ends set aside first. */
export function diffLines(before: readonly string[], after: readonly string[]): LineDiff {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const same = (texts: readonly string[]): LineDiff => texts.map((text) => ({ type: 'same', text }))
  const middle = diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))]
}

function diffMiddle(before: readonly string[], after: readonly string[]): LineDiff {
  // A new file has nothing to be compared with, and most files of a plan are new.
  const rounds = before.length === 0 || after.length === 0 ? null : roundsOf(before, after)
  if (rounds === null) {
    return [
      ...before.map((text) => ({ type: 'gone', text }) as const),
      ...after.map((text) => ({ type: 'new', text }) as const),
    ]
  }
  return walkBack(rounds, before, after)
}

/** How far each diagonal reaches with 0, 1, 2 … edits: `reach(k)` is a count of lines of `before`. */
type Round = ReadonlyMap<number, number>

function roundsOf(before: readonly string[], after: readonly string[]): readonly Round[] | null {
  const rounds: Round[] = []
  let last: Round = new Map([[1, 0]])
  for (let edits = 0; edits <= Math.min(mostEdits, before.length + after.length); edits += 1) {
    const round = new Map<number, number>()
    for (let k = -edits; k <= edits; k += 2) {
      let x = startOf(last, k, edits)
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1
      round.set(k, x)
      if (x >= before.length && x - k >= after.length) return [...rounds, round]
    }
    rounds.push(round)
    last = round
  }
  return null
}

/** A line of `after` was added (from diagonal k + 1) or one of `before` taken away (from k - 1): the further one. */
function startOf(last: Round, k: number, edits: number): number {
  const down = last.get(k + 1) ?? -1
  const right = (last.get(k - 1) ?? -1) + 1
  if (edits === 0) return 0
  return isDown(last, k, edits) ? down : right
}

function isDown(last: Round, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && (last.get(k - 1) ?? -1) < (last.get(k + 1) ?? -1))
}

function walkBack(rounds: readonly Round[], before: readonly string[], after: readonly string[]): LineDiff {
  const backwards: LineDiff[number][] = []
  let [x, y] = [before.length, after.length]
  const stepBack = (type: LineDiff[number]['type']): void => {
    const text = (type === 'new' ? after[y - 1] : before[x - 1]) ?? ''
    backwards.push({ type, text })
    if (type !== 'new') x -= 1
    if (type !== 'gone') y -= 1
  }
  for (let edits = rounds.length - 1; edits >= 0; edits -= 1) {
    const last = rounds[edits - 1]
    const k = x - y
    const from = last === undefined ? 0 : startOf(last, k, edits)
    while (x > from && y > 0) stepBack('same')
    if (last !== undefined) stepBack(isDown(last, k, edits) ? 'new' : 'gone')
  }
  return backwards.toReversed()
}
