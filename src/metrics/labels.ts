/**
 * What a series is called: name, value, name, value …, names rising and each only once, no value empty. The name of the
 * metric is the label `__name__`. One flat list, because there are many of them and they are compared all the time.
 */
export type Labels = readonly string[]

export const metricName = '__name__'
export const noLabels: Labels = []

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

export function isLabelName(text: string): boolean {
  return labelName.test(text)
}

export function labelsOf(record: Readonly<Record<string, string>>): Labels {
  return Object.keys(record)
    .filter((name) => record[name] !== '')
    .toSorted()
    .flatMap((name) => [name, record[name] ?? ''])
}

export function recordOf(labels: Labels): Readonly<Record<string, string>> {
  const record: Record<string, string> = {}
  for (let at = 0; at < labels.length; at += 2) record[labels[at] ?? ''] = labels[at + 1] ?? ''
  return record
}

/** The value of a label; the empty text when the series does not have it, which means the same. */
export function valueOf(labels: Labels, name: string): string {
  for (let at = 0; at < labels.length; at += 2) if (labels[at] === name) return labels[at + 1] ?? ''
  return ''
}

export function without(labels: Labels, names: ReadonlySet<string>): Labels {
  const kept: string[] = []
  for (let at = 0; at < labels.length; at += 2) {
    const name = labels[at] ?? ''
    if (!names.has(name)) kept.push(name, labels[at + 1] ?? '')
  }
  return kept
}

export function only(labels: Labels, names: ReadonlySet<string>): Labels {
  const kept: string[] = []
  for (let at = 0; at < labels.length; at += 2) {
    const name = labels[at] ?? ''
    if (names.has(name)) kept.push(name, labels[at + 1] ?? '')
  }
  return kept
}

export function withoutName(labels: Labels): Labels {
  for (let at = 0; at < labels.length; at += 2) if (labels[at] === metricName) return labels.toSpliced(at, 2)
  return labels
}

/** With the label set to the value; an empty value takes it away. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  let at = 0
  while (at < labels.length && (labels[at] ?? '') < name) at += 2
  const there = labels[at] === name ? 2 : 0
  return value === '' ? labels.toSpliced(at, there) : labels.toSpliced(at, there, name, value)
}

/** A text that is the same for equal labels, and only for them. Half of a surrogate pair is in no real text. */
export function keyOf(labels: Labels): string {
  return labels.join('\ud800')
}

/** Less than 0 when `a` comes first: by names and values from the front, as Prometheus sorts series. */
export function compareLabels(a: Labels, b: Labels): number {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at += 1) {
    const mine = a[at] ?? ''
    const other = b[at] ?? ''
    if (mine !== other) return mine < other ? -1 : 1
  }
  return a.length - b.length
}
