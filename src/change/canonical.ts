/**
 * The one way to write a value as JSON: no white space, keys sorted by UTF-16 code units, as in RFC 8785. Members that
 * are undefined are left out, like `JSON.stringify` does. Throws on what JSON cannot say, such as NaN.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`JSON cannot say ${value}`)
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) return canonicalObject(value)
  const text = JSON.stringify(value)
  if (text === undefined) throw new Error(`JSON cannot say ${typeof value}`)
  return text
}

function canonicalObject(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}
