import type { Labels } from '../labels.ts'
import { quoted } from './parse/quote.ts'

/** `{job="web", zone="a"}`, as failures name a series. */
export function labelsText(labels: Labels): string {
  const pairs: string[] = []
  for (let at = 0; at < labels.length; at += 2) pairs.push(`${labels[at]}=${quoted(labels[at + 1] ?? '')}`)
  return `{${pairs.join(', ')}}`
}
