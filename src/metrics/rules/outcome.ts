import { keyOf, type Labels, metricName, withLabel } from '../labels.ts'
import type { Value } from '../promql/answer.ts'
import type { RecordingRule } from './rule.ts'

/** What a rule came to: one value for each series. */
export type Outcome = readonly Readonly<{ labels: Labels; value: number }>[]

/** Why a rule came to nothing. It is tried again at the next time. */
export class RuleFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RuleFailure'
  }
}

/** What is kept of a value: under the name of the rule, with its labels. `limit` 0 is without one. */
export function outcomeOf(rule: RecordingRule, value: Value, limit: number): Outcome {
  const samples = samplesOf(value).map((sample) => ({
    labels: labelled(sample.labels, rule),
    value: sample.value,
  }))
  const keys = new Set(samples.map(({ labels }) => keyOf(labels)))
  if (keys.size < samples.length)
    throw new RuleFailure('vector contains metrics with the same labelset after applying rule labels')
  if (limit > 0 && samples.length > limit)
    throw new RuleFailure(`exceeded limit of ${limit} with ${samples.length} series`)
  return samples
}

function samplesOf(value: Value): Outcome {
  switch (value.type) {
    case 'vector':
      return value.samples
    case 'scalar':
      return [{ labels: [], value: value.value }]
    case 'string':
    case 'matrix':
      throw new RuleFailure('rule result is not a vector or scalar')
  }
}

function labelled(labels: Labels, { record, labels: own }: RecordingRule): Labels {
  return Object.entries(own).reduce(
    (all, [name, value]) => withLabel(all, name, value),
    withLabel(labels, metricName, record),
  )
}

/** Rules that are the same keep what they remember when files are read anew. */
export function sameRule(a: RecordingRule, b: RecordingRule): boolean {
  return a.record === b.record && a.query === b.query && sameLabels(a.labels, b.labels)
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
