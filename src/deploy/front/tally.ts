/** What one row of `show stat` counts, since the front started. Times are means over the last 1,024. */
export type Tally = {
  current: number
  most: number
  total: number
  requests: number
  /** Requests that found nobody listening. */
  refused: number
  /** Requests whose connection broke before the answer was whole. */
  lost: number
  retries: number
  clientAborts: number
  serverAborts: number
  /** By the first digit of the status; 0 is anything else. */
  readonly answers: [number, number, number, number, number, number]
  lastAtMs: number | null
  readonly connectMs: Mean
  readonly answerMs: Mean
  readonly totalMs: Mean
}

export const newTally = (): Tally => ({
  current: 0,
  most: 0,
  total: 0,
  requests: 0,
  refused: 0,
  lost: 0,
  retries: 0,
  clientAborts: 0,
  serverAborts: 0,
  answers: [0, 0, 0, 0, 0, 0],
  lastAtMs: null,
  connectMs: newMean(),
  answerMs: newMean(),
  totalMs: newMean(),
})

export function enter(tally: Tally): void {
  tally.current += 1
  tally.total += 1
  tally.most = Math.max(tally.most, tally.current)
  tally.lastAtMs = Date.now()
}

export function leave(tally: Tally): void {
  tally.current -= 1
}

export function countAnswer(tally: Tally, status: number): void {
  const digit = Math.floor(status / 100)
  tally.requests += 1
  switch (digit) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
      tally.answers[digit] += 1
      return
  }
  tally.answers[0] += 1
}

const meanOver = 1024

export type Mean = Readonly<{ add: (value: number) => void; value: () => number }>

function newMean(): Mean {
  let sum = 0
  let count = 0
  return {
    add: (value) => {
      count = Math.min(count + 1, meanOver)
      sum += value - (count === meanOver ? sum / meanOver : 0)
    },
    value: () => (count === 0 ? 0 : sum / count),
  }
}
