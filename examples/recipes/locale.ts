import { locale } from 'tandem'

export function recipe() {
  return [locale('en_US.UTF-8', { also: ['fr_FR.UTF-8', 'de_DE.UTF-8'] })]
}
