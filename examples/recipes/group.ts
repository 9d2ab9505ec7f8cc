import { group } from 'tandem'

export function recipe() {
  return [group('ops', { gid: 2000 }), group('shop', { system: true }), group('guests', { absent: true })]
}
