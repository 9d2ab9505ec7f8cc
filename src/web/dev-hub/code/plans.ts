import type { CommitPlan, CommitView } from '../../../api/wire/code.ts'
import type { PlayRepo } from './code.ts'

/** What a commit would do: the newest one something, the second is broken, and older ones nothing any more. */
export function playPlan({ commits }: PlayRepo, { hash, at, author }: CommitView): CommitPlan {
  const nth = commits.findIndex((commit) => commit.hash === hash)
  const pushed = { commit: hash, ref: 'refs/heads/main', who: author, at: at + 4_000 }
  if (nth === 1) return { ...pushed, ...broken }
  return nth === 0
    ? { ...pushed, ...full, next: `tandem apply --commit ${hash.slice(0, 12)}` }
    : { ...pushed, ...empty }
}

const bare = { lines: [], cut: 0, warnings: [], away: [], trouble: null, next: null } as const

const empty = {
  ...bare,
  state: 'planned',
  text: 'web1, web2: nothing to do',
  isEmpty: true,
  lines: [{ mark: ' ', text: 'nothing to do on 2 hosts; 14 are as they should be' }],
} as const

const broken = {
  ...bare,
  state: 'broken',
  text: "tandem.ts:9:28: apt 'ngnix' has no option 'versoin'",
  isEmpty: false,
  trouble: {
    what: "apt 'ngnix' has no option 'versoin'",
    where: 'tandem.ts:9:28',
    now: "did you mean 'version'?",
  },
} as const

const full = {
  ...bare,
  state: 'planned',
  text: 'web1, web2: 2 to make; db1 could not be looked at',
  isEmpty: false,
  away: ['db1'],
  lines: [
    { mark: ' ', text: 'web1, web2:' },
    { mark: '+', text: '  unit lego-renew.service (recipes/web.ts:5:3)' },
    { mark: '+', text: '      [Timer]' },
    { mark: '+', text: '      OnUnitActiveSec=1d' },
    { mark: ' ', text: '2 to make on 2 hosts; 14 are as they should be' },
  ],
} as const
