import type { Trial } from '../../e2e/lab/trial.ts'

const changesTold = 3

/** Everything one would ask for first after a trial that went wrong. */
export async function postMortem(trial: Trial): Promise<string> {
  const ids = [...new Set(trial.follower.heard().map(({ entry }) => entry.change))].slice(-changesTold)
  const changes = ids.map((id) => `${id}\n${entriesOf(trial, id)}`)
  const hosts = await Promise.all(trial.lab.hosts.map((host) => hostText(trial, host.name)))
  const said = trial.hub.said === '' ? [] : [`the hub said: ${trial.hub.said.slice(-3000)}`]
  return [...changes, ...hosts, ...said].join('\n')
}

/** What happened to the changes that were heard of since. */
export function timeline(trial: Trial, heardBefore: number): string {
  const heard = trial.follower.heard().slice(heardBefore)
  const ids = [...new Set(heard.map(({ entry }) => entry.change))]
  return ids.map((id) => `${id}\n${entriesOf(trial, id)}`).join('\n')
}

function entriesOf(trial: Trial, id: string): string {
  const entries = trial.follower.of(id)
  const began = entries[0]?.at ?? 0
  return entries
    .map(({ at, type, ...rest }) => {
      const { seq, hash: _, prev: __, change: ___, ...more } = rest
      const said = type === 'planned' ? '' : JSON.stringify(more).slice(0, 300)
      return `  ${seq} +${at - began} ms ${type} ${said}`
    })
    .join('\n')
}

const look = `cd /var/lib/tandem || exit
for f in apps/*/live apps/*/flip apps/*/slots/*/spec lease/*/token lease/*/holder; do
  [ -e "$f" ] && printf '%s: %s\\n' "$f" "$(cat "$f")"
done
tail -n +1 apps/*/releases/*.state | grep -v '^$'
systemctl list-units --all --no-legend --plain 'tandem-*'
ls -t runs | head -8 | while read -r run; do
  printf 'run %s: %s\\n' "$run" "$(cat "runs/$run/.exit" 2>/dev/null)"
  tail -n 4 "runs/$run/journal" | cut -c1-200
done
perl front/front.pl /run/tandem-front/admin.sock 'show servers state' | cut -c1-70
`

async function hostText(trial: Trial, name: string): Promise<string> {
  try {
    const { stdout, stderr } = await trial.lab.host(name).exec(['sh', '-c', look], { timeoutMs: 10_000 })
    return `${name}\n${(stdout + stderr).replace(/^/gm, '  ')}`
  } catch (thrown) {
    return `${name}: ${String(thrown)}`
  }
}
