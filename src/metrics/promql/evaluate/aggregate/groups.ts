import { type Labels, metricName, only, without } from '../../../labels.ts'
import type { Aggregation } from '../../ast.ts'

/** Finds the group of a series, by a text that is the same for all of its group, and what the group is called. */
export type Grouping = Readonly<{ keyOf: (labels: Labels) => string; labelsOf: (labels: Labels) => Labels }>

export function groupingOf({ grouping, isWithout }: Aggregation): Grouping {
  const names = new Set(isWithout ? [...grouping, metricName] : grouping)
  const labelsOf = (labels: Labels): Labels => (isWithout ? without(labels, names) : only(labels, names))
  if (names.size === 0 && !isWithout) return { keyOf: () => '', labelsOf }
  return { keyOf: (labels) => keyOfPicked(labels, names, !isWithout), labelsOf }
}

/** As `keyOf` of the labels of the group, without making them. */
function keyOfPicked(labels: Labels, names: ReadonlySet<string>, isPicked: boolean): string {
  let key = ''
  for (let at = 0; at < labels.length; at += 2) {
    const name = labels[at] ?? ''
    if (names.has(name) === isPicked) key += `\ud800${name}\ud800${labels[at + 1]}`
  }
  return key
}
