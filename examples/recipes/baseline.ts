import { baseline } from 'tandem'

const ada = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop'

export function recipe() {
  return baseline('debian', {
    admins: [{ name: 'ada', keys: ada }],
    upgrades: { reboot: '03:30' },
    firewall: { allow: [{ ports: [80, 443] }] },
    timeZone: 'Europe/Paris',
  })
}
