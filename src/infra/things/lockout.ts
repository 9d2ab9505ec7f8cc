import type { Lockout } from './thing.ts'

/** Where a slip may keep us out of a host. A folder of the list stands for itself and all that is in it. */
const places: readonly Readonly<{ lockout: Lockout; at: RegExp }>[] = [
  // Its client's settings do not decide who comes in.
  { lockout: 'sshd', at: /^\/etc\/ssh(?:\/(?!ssh_config|ssh_known_hosts|moduli)|$)/ },
  { lockout: 'sshd', at: /\/\.ssh\/authorized_keys2?$/ },
  { lockout: 'sshd', at: /^\/etc\/hosts\.(?:allow|deny)$/ },
  { lockout: 'sshd', at: /^\/(?:etc|usr\/lib|lib)\/systemd\/system\/sshd?[.@]/ },
  { lockout: 'sudo', at: /^\/etc\/(?:sudoers(?:\.d)?|sudo\.conf)(?:\/|$)/ },
  { lockout: 'pam', at: /^\/etc\/(?:pam\.d|pam\.conf|security|nsswitch\.conf)(?:\/|$)/ },
  { lockout: 'pam', at: /^\/etc\/(?:passwd|shadow|group|gshadow)$/ },
  { lockout: 'network', at: /^\/etc\/(?:network|netplan|NetworkManager)(?:\/|$)/ },
  { lockout: 'network', at: /^\/etc\/systemd\/(?:network|networkd\.conf(?:\.d)?)(?:\/|$)/ },
  { lockout: 'firewall', at: /^\/etc\/(?:nftables[^/]*|iptables|ufw|firewalld)(?:\/|$)/ },
]

/** What a change at this path may lock us out by; null when it cannot. */
export function lockoutOf(path: string): Lockout | null {
  return places.find(({ at }) => at.test(path))?.lockout ?? null
}

/** The program that knows whether a file of this path can be used, for those where a bad one does harm at once. */
export function checkOf(path: string): readonly string[] | null {
  if (/^\/etc\/ssh\/sshd_config(?:\.d\/[^/]+\.conf)?$/.test(path)) return ['/usr/sbin/sshd', '-t', '-f', '%']
  return /^\/etc\/sudoers(?:\.d\/[^/]+)?$/.test(path) ? ['visudo', '-cf', '%'] : null
}
