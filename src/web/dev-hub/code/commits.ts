import type { CommitView } from '../../../api/wire/code.ts'
import { commitOf } from '../history.ts'
import { hashOf, wholeHash } from './hashes.ts'

const subjects = [
  'Keep the basket when the session expires',
  'Show the new checkout button to one in ten',
  'Take the fixed image library',
  'Load search results once on slow phones',
  'Raise the worker count for the weekend',
  'Say what is missing when a card is refused',
  'Sort parcels by the day they are promised for',
] as const

const bodies = [
  'The session is the wrong place for it: the basket has a cookie of its own now,\nsigned, and good for 30 days.\n\nMeasured on production logs of last week: 3.1 % of all baskets were lost this way.',
  '',
  'CVE-2026-11412: a picture could be made that is decoded for minutes.',
] as const

const people = ['ada', 'grace', 'linus', 'margaret', 'dennis'] as const

const hour = 3_600_000

/** The history of shop, newest first: the commits that the played changes deployed, and some that are on their way. */
export function shopCommits(deployed: number, now: number): readonly CommitView[] {
  const hashes = [
    ...['basket-3', 'basket-2', 'basket-1'].map(hashOf),
    ...Array.from({ length: deployed }, (_, nth) => wholeHash(commitOf(deployed - 1 - nth))),
    hashOf('the first one'),
  ]
  return hashes.map((hash, nth) => {
    const who = people[nth % people.length] ?? 'ada'
    return {
      hash,
      tree: hashOf(`tree ${hash}`),
      parents: hashes.slice(nth + 1, nth + 2),
      subject: nth === hashes.length - 1 ? 'Begin' : (subjects[nth % subjects.length] ?? ''),
      body: bodies[nth % bodies.length] ?? '',
      author: who,
      email: `${who}@acme.example`,
      at: now - 240_000 - nth ** 2 * hour,
    }
  })
}

/** The history of the infrastructure, newest first. */
export function infraCommits(now: number): readonly CommitView[] {
  const said = [
    'Let certificates renew by themselves',
    'Keep connections to the upstreams open',
    'Take nginx 1.22.1-9+deb12u2',
    'Begin',
  ]
  const hashes = said.map((subject) => hashOf(`infra ${subject}`))
  return said.map((subject, nth) => ({
    hash: hashes[nth] ?? '',
    tree: hashOf(`tree ${subject}`),
    parents: hashes.slice(nth + 1, nth + 2),
    subject,
    body: '',
    author: 'grace',
    email: 'grace@acme.example',
    at: now - 1_800_000 - nth * 26 * hour,
  }))
}
