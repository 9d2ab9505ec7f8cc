import type { Labels } from '../labels.ts'

/** Labels as a sender says them, value by name, in any order; an empty value is none. */
export type Said = ReadonlyMap<string, string>

/**
 * What a series is called whose sender says some labels and of whom others are known. Where both say one, the sender is
 * right when it is honoured; otherwise its own is called `exported_…`, as in Prometheus.
 */
export function joinLabels(said: Said, known: Labels, honour: boolean): Labels {
  if (known.length === 0) return sorted(said)
  const joined = new Map(said)
  const renamed: string[] = []
  for (let at = 0; at < known.length; at += 2) {
    const [name = '', value = ''] = [known[at], known[at + 1]]
    if (honour && joined.has(name)) continue
    if ((joined.get(name) ?? '') !== '') renamed.push(name)
    joined.set(name, value)
  }
  for (const name of renamed) {
    let exported = `exported_${name}`
    while (joined.has(exported)) exported = `exported_${exported}`
    joined.set(exported, said.get(name) ?? '')
  }
  return sorted(joined)
}

function sorted(pairs: Said): Labels {
  const labels: string[] = []
  for (const name of [...pairs.keys()].toSorted()) {
    const value = pairs.get(name) ?? ''
    if (value !== '') labels.push(name, value)
  }
  return labels
}
