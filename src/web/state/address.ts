/** A path with those fields that say something. */
export function addressWith(path: string, fields: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields))
    if (value !== null && value !== '') query.set(name, value)
  return query.size === 0 ? path : `${path}?${query.toString()}`
}
