import { keyOf } from '../../labels.ts'
import type { Sample } from '../answer.ts'
import { labelsText } from '../labels-text.ts'
import type { Evaluation, Expected } from './script.ts'

const leastNormal = 2 ** -1022
const tolerance = 1e-6

/** Whether two values count as equal in test scripts. */
export function isNear(a: number, b: number): boolean {
  if ((Number.isNaN(a) && Number.isNaN(b)) || a === b) return true
  const difference = Math.abs(a - b)
  if (a === 0 || b === 0 || difference < leastNormal) return difference < tolerance * leastNormal
  return difference / Math.min(Math.abs(a) + Math.abs(b), Number.MAX_VALUE) < tolerance
}

/** In what a vector differs from what is expected; null when it does not. */
export function vectorFault(found: readonly Sample[], { vector, isOrdered }: Evaluation): string | null {
  const wanted = new Map(vector.map((sample, at) => [keyOf(sample.labels), { ...sample, at }]))
  for (const [at, sample] of found.entries()) {
    const fault = sampleFault(sample, wanted.get(keyOf(sample.labels)), isOrdered ? at : null)
    if (fault !== null) return fault
    wanted.delete(keyOf(sample.labels))
  }
  const [missing] = wanted.values()
  return missing === undefined ? null : `${labelsText(missing.labels)} is missing`
}

function sampleFault(
  { labels, value }: Sample,
  wanted: (Expected & Readonly<{ at: number }>) | undefined,
  place: number | null,
): string | null {
  const name = labelsText(labels)
  if (wanted === undefined) return `${name} is not expected`
  if (place !== null && wanted.at !== place) return `${name} is at place ${place} instead of ${wanted.at}`
  return isNear(wanted.value, value) ? null : `${name} is ${value} instead of ${wanted.value}`
}
