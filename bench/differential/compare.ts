import type { Told } from './answers.ts'

const tolerance = 1e-9

/** In what two answers differ; null when they do not. */
export function difference(mine: Told, theirs: Told): string | null {
  if (mine.failure !== null || theirs.failure !== null) {
    const isSame =
      mine.failure !== null && theirs.failure !== null && worded(mine.failure) === worded(theirs.failure)
    return isSame ? null : `${mine.failure} against ${theirs.failure}`
  }
  for (const [key, value] of mine.points) {
    const other = theirs.points.get(key)
    if (other === undefined) return `${shown(key)} is ${value}, and not there at the peer`
    if (!isClose(value, other)) return `${shown(key)} is ${value}, and ${other} at the peer`
  }
  const [missing] = [...theirs.points.keys()].filter((key) => !mine.points.has(key))
  return missing === undefined ? null : `${shown(missing)} is there only at the peer`
}

export function isClose(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true
  const areFinite = Number.isFinite(a) && Number.isFinite(b)
  return areFinite && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

function shown(key: string): string {
  return key.replaceAll('\ud800', ' ')
}

/** Without the series or the number that a failure names: which of several is met first is left to chance in the peer. */
function worded(failure: string): string {
  return failure.replace(/match group .* on the (left|right)|: \[.*\]|got: .*/g, '$1')
}
