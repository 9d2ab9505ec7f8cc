import { sysctl, type RecipeHost } from 'tandem'

export function recipe(host: RecipeHost) {
  return [
    sysctl('vm.swappiness', { value: 10 }),
    sysctl('net.ipv4.tcp_rmem', { value: '4096 87380 6291456' }),
    host.facts.memoryMb > 8192 && sysctl('net.core.somaxconn', { value: 4096 }),
  ]
}
