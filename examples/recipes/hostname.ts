import { hostname, type RecipeHost } from 'tandem'

export function recipe(host: RecipeHost) {
  return hostname(host.name, { domain: 'example.org' })
}
