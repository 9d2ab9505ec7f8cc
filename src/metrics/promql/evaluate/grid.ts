/** The times at which an expression is asked: `count` of them, from `startMs` on, `stepMs` apart. */
export type Grid = Readonly<{ startMs: number; stepMs: number; count: number }>

export function timeAt({ startMs, stepMs }: Grid, step: number): number {
  return startMs + step * stepMs
}

export function endOf(grid: Grid): number {
  return timeAt(grid, grid.count - 1)
}

/** The grid of one time. */
export function instant(atMs: number): Grid {
  return { startMs: atMs, stepMs: 1, count: 1 }
}
