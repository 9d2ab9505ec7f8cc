import { apt, dropIn } from 'tandem'

export function recipe() {
  const redis = apt('redis-server')
  return [
    redis,
    dropIn('redis-server.service/limits', {
      sections: { Service: { LimitNOFILE: 65_536, MemoryMax: '2G' } },
      after: redis,
    }),
    dropIn('ssh.service/restart', { content: '[Service]\nRestart=always\n', restart: false }),
  ]
}
