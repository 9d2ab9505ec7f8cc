import { commandThing, fileThing, plain, shScript } from '../things/make.ts'
import type { Thing } from '../things/thing.ts'

const settings = {
  'fs.protected_fifos': 2,
  'fs.protected_hardlinks': 1,
  'fs.protected_regular': 2,
  'fs.protected_symlinks': 1,
  'kernel.dmesg_restrict': 1,
  'kernel.kptr_restrict': 2,
  'net.ipv4.conf.all.accept_redirects': 0,
  'net.ipv4.conf.all.rp_filter': 2,
  'net.ipv4.conf.all.send_redirects': 0,
  'net.ipv4.tcp_syncookies': 1,
  'net.ipv6.conf.all.accept_redirects': 0,
} as const

/** All of them in one file and one command: each command is a program more on each look. */
export function kernel(): readonly Thing[] {
  const text = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`)
  const words = Object.entries(settings).flatMap(([key, value]) => [
    `/proc/sys/${key.replaceAll('.', '/')}`,
    String(value),
  ])
  return [
    fileThing({ path: '/etc/sysctl.d/60-tandem-baseline.conf', content: plain(text.join('')) }),
    commandThing({
      name: 'settings of the kernel',
      check: shScript(`${each}[ "$live" = "$2" ] || exit 1; shift 2; done`, words, 10_000),
      run: shScript(
        `: >>"$TANDEM_KEEP"; ${each}grep -q "^$1 " "$TANDEM_KEEP" || printf '%s %s\\n' "$1" "$live" >>"$TANDEM_KEEP"; printf '%s\\n' "$2" >"$1"; shift 2; done`,
        words,
        10_000,
      ),
      undo: shScript(
        '[ -e "$TANDEM_KEEP" ] || exit 0; while read -r path live; do printf \'%s\\n\' "$live" >"$path"; done <"$TANDEM_KEEP"',
        [],
        10_000,
      ),
      says: 'set them in the running kernel',
    }),
  ]
}

// A kernel without IPv6 has no settings of it. In a container, what cannot be written is the machine's around it.
const each = `while [ $# -gt 0 ]; do
[ -w "$1" ] || { shift 2; continue; }
IFS= read -r live <"$1" || :
`

/** Where another program keeps the time, timesyncd is not installed, and nothing is to be done. */
export function ntp(): Thing {
  const unit = 'systemd-timesyncd.service'
  return commandThing({
    name: 'time from the network',
    check: shScript(
      '[ ! -e "/usr/lib/systemd/system/$1" ] || exec systemctl is-enabled -q "$1"',
      [unit],
      10_000,
    ),
    run: shScript('exec systemctl enable --now "$1"', [unit]),
    undo: shScript('exec systemctl disable --now "$1"', [unit]),
    says: `enable ${unit}`,
  })
}
