import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const digits = 8

/** The numbers of the files in a folder that are called so: `wal-00000001`. */
export function numbersIn(folder: string, called: string): readonly number[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${called}-`))
    .map((name) => name.slice(called.length + 1))
    .filter((number) => number.length === digits && /^\d+$/.test(number))
    .map(Number)
    .toSorted((a, b) => a - b)
}

export function numberedPath(folder: string, called: string, number: number): string {
  return join(folder, `${called}-${String(number).padStart(digits, '0')}`)
}
