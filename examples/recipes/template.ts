import { apt, template, type RecipeHost } from 'tandem'

export function recipe(host: RecipeHost) {
  const nginx = apt('nginx')
  return [
    nginx,
    template('/etc/nginx/conf.d/shop.conf', {
      source: 'files/shop.conf.mustache',
      vars: {
        name: 'shop.example.com',
        backends: ['10.0.0.11', '10.0.0.12'],
        tls: host.vars['tls'] ?? false,
      },
      after: nginx,
    }),
  ]
}
