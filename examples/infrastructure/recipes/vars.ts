import type { RecipeHost } from 'tandem'

/** A variable of a host that is a text; a host that lacks it is refused by name, before anything is done. */
export function text(host: RecipeHost, name: string): string {
  const value = host.vars[name]
  if (typeof value === 'string') return value
  throw new Error(`${host.name} needs a text as its variable '${name}'`)
}

export function texts(host: RecipeHost, name: string): readonly string[] {
  const values = host.vars[name]
  if (Array.isArray(values)) return values.filter((value) => typeof value === 'string')
  throw new Error(`${host.name} needs a list of texts as its variable '${name}'`)
}
