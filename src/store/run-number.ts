import type { RunId } from './runs.ts'

export const runIdOf = (number: number): RunId => `r${number}`

/** The number of a run; 0, which none has, for what is no id. */
export const runNumberOf = (run: RunId): number => (/^r[1-9]\d{0,14}$/.test(run) ? Number(run.slice(1)) : 0)
