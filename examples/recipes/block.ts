import { block, type RecipeHost } from 'tandem'

export function recipe(host: RecipeHost) {
  return [
    block('/etc/hosts', { marker: 'the shop', content: '10.0.0.5 db\n10.0.0.6 cache\n' }),
    block('/root/.bashrc', {
      marker: 'prompt',
      content: `PS1='${host.name}# '\n`,
      create: true,
      mode: '0600',
    }),
  ]
}
