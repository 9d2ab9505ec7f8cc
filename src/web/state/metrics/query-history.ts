/** How many queries this browser remembers. */
export const historyLimit = 50

/** Queries asked before, newest first, as they were kept; what cannot be read is forgotten. */
export function historyIn(kept: string | null): readonly string[] {
  if (kept === null) return []
  try {
    const found: unknown = JSON.parse(kept)
    return Array.isArray(found) ? found.filter((one) => typeof one === 'string').slice(0, historyLimit) : []
  } catch {
    return []
  }
}

/** With this query as the newest; each stands there once. */
export const remembering = (queries: readonly string[], query: string): readonly string[] =>
  [query, ...queries.filter((one) => one !== query)].slice(0, historyLimit)
