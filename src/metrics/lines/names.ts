import type { NameRule } from '../../config/metrics/wires.ts'
import { metricName, type Labels, labelsOf } from '../labels.ts'

/** What is not allowed in a name becomes `_`; one that begins with a digit gets one in front. */
export function nameFrom(text: string): string {
  const name = text.replaceAll(/[^a-zA-Z0-9_:]+/g, '_')
  return /^\d/.test(name) ? `_${name}` : name
}

/** The same for labels. Those with two `_` in front are ours. */
export function labelNameFrom(text: string): string {
  const name = text.replaceAll(/[^a-zA-Z0-9_]+/g, '_').replace(/^__+/, '')
  return name === '' || /^\d/.test(name) ? `_${name}` : name
}

/** A metric as it was sent: a name with dots, and tags. */
export type Sent = Readonly<{ name: string; tags: Readonly<Record<string, string>> }>

export type Named = Readonly<{
  name: string
  labels: Readonly<Record<string, string>>
  buckets: readonly number[] | null
}>

/** What a metric is called here by the first rule that fits; null when that one drops it. */
export function nameBy(rules: readonly NameRule[]): (sent: Sent) => Named | null {
  const patterns = rules.map((rule) => ({ rule, pattern: patternOf(rule.match) }))
  return ({ name, tags }) => {
    for (const { rule, pattern } of patterns) {
      const found = pattern.exec(name)
      if (found === null) continue
      if (rule.isDropped) return null
      const filled = (text: string) =>
        text.replaceAll(/\$(\d)/g, (_, nth: string) => found[Number(nth)] ?? '')
      const labels = Object.entries(rule.labels).map(([label, value]) => [label, filled(value)] as const)
      return {
        name: nameFrom(rule.name === null ? name : filled(rule.name)),
        labels: { ...tags, ...Object.fromEntries(labels) },
        buckets: rule.buckets,
      }
    }
    return { name: nameFrom(name), labels: tags, buckets: null }
  }
}

function patternOf(match: string): RegExp {
  const pieces = match.split('*').map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${pieces.join('([^.]*)')}$`)
}

export function labelsNamed(name: string, labels: Readonly<Record<string, string>>): Labels {
  return labelsOf({ ...labels, [metricName]: name })
}

/** Tags in a name itself, as InfluxDB (`name,k=v`) and Graphite (`name;k=v`) write them. */
export function splitName(text: string): Sent {
  const [name = '', ...pairs] = text.split(/[,;]/)
  return { name, tags: tagsOf(pairs, '=') }
}

/** `k:v` each; a tag without a value is `true`. Of two with one name the last counts. */
export function tagsOf(pairs: readonly string[], between: ':' | '='): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {}
  for (const pair of pairs) {
    if (pair === '') continue
    const at = pair.indexOf(between)
    tags[labelNameFrom(at === -1 ? pair : pair.slice(0, at))] = at === -1 ? 'true' : pair.slice(at + 1)
  }
  return tags
}
