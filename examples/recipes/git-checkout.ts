import { apt, directory, gitCheckout, user } from 'tandem'

export function recipe() {
  const git = apt('git')
  const shop = user('shop', { system: true })
  return [
    git,
    shop,
    directory('/srv/tools', { owner: 'shop' }),
    gitCheckout('/srv/tools/dotfiles', {
      repo: 'https://git.example.org/dotfiles.git',
      ref: 'v1.2.0',
      user: 'shop',
      after: git,
    }),
  ]
}
