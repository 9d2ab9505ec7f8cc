import type { LabHost } from '../../lab/host.ts'
import { sayOf } from './host-look.ts'

// What programs rewrite whenever they run says nothing about who altered what.
const look = `
find /etc /usr/local /opt /srv /root /var/spool -xdev \\( -name ld.so.cache -o -name '*-' -o -name .pwd.lock \\) -prune -o \\
  \\( -type f -printf '%p %y %m %U:%G ' -exec sh -c 'sha256sum <"$1" | cut -c1-16' _ {} \\; \\) -o \\
  -printf '%p %y %m %U:%G %l\\n' | sort
dpkg-query -W -f 'package \${db:Status-Abbrev} \${Package} \${Version}\\n' | grep -v '^package rc'
systemctl list-unit-files --no-legend --plain | awk '{ print "unit", $1, $2 }'
systemctl list-units --no-legend --plain --state=active --type=service | awk '{ print "runs", $1 }' | grep -v '@'
`

/** Everything on a host that a recipe could alter: paths with their bytes, mode and owner, packages, units. */
export async function treeOf(host: LabHost): Promise<readonly string[]> {
  return (await sayOf(host, 'sh', '-c', look)).split('\n')
}

/** What is there now and was not, and the other way round. */
export function moved(before: readonly string[], after: readonly string[]): readonly string[] {
  const [was, is] = [new Set(before), new Set(after)]
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ]
}
