import { haproxyFront } from 'tandem'

export function recipe() {
  return haproxyFront('front', { maxConnections: 20_000, metrics: { port: 9101, from: '10.0.0.0/8' } })
}
