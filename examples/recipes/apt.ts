import { apt, type RecipeHost } from 'tandem'

export function recipe(host: RecipeHost) {
  return [
    apt(['git', 'curl', 'jq']),
    apt('postgresql', { hold: true }),
    host.facts.virtualization === 'none' && apt('smartmontools'),
    apt('telnet', { absent: true, purge: true }),
  ]
}
