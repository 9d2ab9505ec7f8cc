import type { Watched } from '../../pipeline/kind.ts'

/** What the front has counted for one slot, since it started: cumulative. */
export type Count = Readonly<{ requests: number; serverErrors: number; lost: number }>

/** What one host has seen of its new release since it got the traffic. */
export type HostWatch = Readonly<{
  host: string
  hasFront: boolean
  died: boolean
  first: Readonly<{ next: Count; old: Count }> | null
  last: Readonly<{ next: Count; old: Count }> | null
}>

const leastErrors = 3
const leastShare = 0.02
const worseBy = 2

/**
 * Did the new release make it worse? It did if a process died, or if at least 3 requests and more than 2 % failed and
 * that is more than twice the share of the release before. No requests are no data, which is not `healthy`.
 */
export function judge(hosts: readonly HostWatch[]): Watched {
  const dead = hosts.filter(({ died }) => died)
  if (dead.length > 0) {
    return {
      verdict: 'harmful',
      evidence: dead.map(({ host }) => `${host}: the main process of the new release ended`),
    }
  }
  const now = sum(
    hosts.map(({ first, last }) => (first === null || last === null ? zero : minus(last.next, first.next))),
  )
  const before = sum(hosts.map(({ first }) => first?.old ?? zero))
  const evidence = [`new release: ${say(now)}`, `release before: ${say(before)}`]
  if (now.requests === 0) {
    const why = hosts.some(({ hasFront }) => hasFront)
      ? 'no request came in'
      : 'there is no front that counts requests'
    return { verdict: 'no data', evidence: [why] }
  }
  const isWorse =
    failed(now) >= leastErrors && share(now) > leastShare && share(now) > worseBy * share(before)
  return { verdict: isWorse ? 'harmful' : 'healthy', evidence }
}

const zero: Count = { requests: 0, serverErrors: 0, lost: 0 }
const failed = (count: Count): number => count.serverErrors + count.lost
const share = (count: Count): number => (count.requests === 0 ? 0 : failed(count) / count.requests)
const say = (count: Count): string =>
  `${failed(count)} of ${count.requests} requests failed (${(share(count) * 100).toFixed(1)} %)`

const minus = (a: Count, b: Count): Count => ({
  requests: a.requests - b.requests,
  serverErrors: a.serverErrors - b.serverErrors,
  lost: a.lost - b.lost,
})

const sum = (counts: readonly Count[]): Count =>
  counts.reduce(
    (all, one) => ({
      requests: all.requests + one.requests,
      serverErrors: all.serverErrors + one.serverErrors,
      lost: all.lost + one.lost,
    }),
    zero,
  )

/**
 * Reads the words of `hold.pl`: `stat new REQUESTS 5XX ECON ERESP`. A request that the app never took raises ECON, one
 * whose answer broke off raises ERESP (twice for a reset), and neither is among the 5xx of the slot: measured on 2.6.
 */
export function readCount(words: readonly string[]): Count {
  const [requests = 0, serverErrors = 0, refused = 0, broken = 0] = words.map(Number)
  return { requests, serverErrors, lost: refused + broken }
}
