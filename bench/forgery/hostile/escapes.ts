/** A job that tries the ways out of a sandbox that people have found elsewhere. */
export const escapes = (touch: string): string => `#!/bin/sh
try() { "$@" 2>/dev/null; }
${touch}
try chroot /proc/1/root sh -c '${touch}'
try nsenter -t 1 -a sh -c '${touch}'
try unshare -Urm sh -c 'mount -t proc p /proc; ${touch}'
try mount -o remount,rw /usr && ${touch}
try sh -c 'echo "|/bin/sh -c \\"${touch}\\"" > /proc/sys/kernel/core_pattern'
for p in /proc/[0-9]*; do try sh -c "cd $p/root && ${touch}"; done
try ln -sf / out && (cd out && ${touch})
try ssh -o StrictHostKeyChecking=no root@127.0.0.1 '${touch}'
try su -c '${touch}'
try sudo -n sh -c '${touch}'
git config --global core.hooksPath . 2>/dev/null
mkdir -p .git/hooks && printf '#!/bin/sh\\n${touch}\\n' > .git/hooks/post-checkout && chmod +x .git/hooks/post-checkout
try sh -c 'cd .. && cd .. && ${touch}'
exit 0
`

/** A \`tandem.ts\` that does more than say something. */
export const teamFile = (touch: string): string => `import { execSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
const ways = [
  () => execSync(${JSON.stringify(touch)}),
  () => writeFileSync(${JSON.stringify(touch.replace('touch ', ''))}, ''),
  () => process.binding('spawn_sync'),
  () => process.dlopen({ exports: {} }, '/tmp/x.node'),
  () => new (Object.getPrototypeOf(async () => {}).constructor)(${JSON.stringify(`(await import('node:child_process')).execSync('${touch}')`)})(),
]
for (const way of ways) {
  try { await way() } catch {}
}
export default { people: {} }
`
