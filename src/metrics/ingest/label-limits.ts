import { metricName } from '../labels.ts'
import type { Said } from './join-labels.ts'

/** How much one series may say of itself. Lengths are in characters. */
export type LabelLimits = Readonly<{ labels: number; nameLength: number; valueLength: number }>

/** In what labels are more than they may be; null when they are not. The name of the metric is no label here. */
export function labelFault(said: Said, limits: LabelLimits): string | null {
  const count = said.has(metricName) ? said.size - 1 : said.size
  if (count > limits.labels) return `${count} labels, and ${limits.labels} are allowed`
  for (const [label, value] of said) {
    if (label.length > limits.nameLength)
      return `the name of a label is ${label.length} long, ${limits.nameLength} are allowed`
    if (value.length > limits.valueLength)
      return `the label ${label} is ${value.length} long, ${limits.valueLength} are allowed`
  }
  return null
}
