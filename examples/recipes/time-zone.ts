import { service, timeZone } from 'tandem'

export function recipe() {
  const zone = timeZone('Europe/Paris')
  return [zone, service('cron', { restartOn: zone })]
}
