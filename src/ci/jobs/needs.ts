import { nearest } from '../../config/mistakes/nearest.ts'
import { type Fault, placeOf, type SaidJob } from './job.ts'

/** Needs that name no job. */
export function unknownNeeds(said: readonly SaidJob[]): readonly Fault[] {
  const names = said.map(({ name }) => name)
  return said.flatMap((job) =>
    job.config.needs
      .filter((need) => !names.includes(need))
      .map((need) => {
        const meant = nearest(
          need,
          names.filter((name) => name !== job.name),
        )
        const known = names.length === 1 ? 'there is no other job' : `known: ${names.join(', ')}`
        return {
          where: placeOf(job, 'needs'),
          what: `${job.from} needs '${need}', and there is no job of that name`,
          now: meant === null ? known : `did you mean '${meant}'?`,
        }
      }),
  )
}

/** Every job behind all that it needs, otherwise in the order they are said; a ring is a fault that names its places. */
export function inOrder(said: readonly SaidJob[], faults: Fault[]): readonly SaidJob[] {
  const ordered: SaidJob[] = []
  let waiting = [...said]
  while (waiting.length > 0) {
    const done = new Set(ordered.map(({ name }) => name))
    const next = waiting.find(({ config }) => config.needs.every((need) => done.has(need)))
    if (next === undefined) {
      faults.push(ringAmong(waiting))
      return []
    }
    ordered.push(next)
    waiting = waiting.filter((job) => job !== next)
  }
  return ordered
}

/** Each of these waits for another of them, so whoever goes on along the needs comes back. */
function ringAmong(waiting: readonly SaidJob[]): Fault {
  const trail: SaidJob[] = []
  let at = waiting[0]
  while (at !== undefined && !trail.includes(at)) {
    trail.push(at)
    const { needs } = at.config
    at = waiting.find(({ name }) => needs.includes(name))
  }
  const ring = trail.slice(at === undefined ? 0 : trail.indexOf(at))
  const steps = ring.map((job, index) => {
    const next = ring[(index + 1) % ring.length] ?? job
    return `${job.name} needs ${next.name} (${placeOf(job, 'needs')})`
  })
  return {
    where: ring[0] === undefined ? 'ci/' : placeOf(ring[0], 'needs'),
    what: `no job of these can be the first: ${steps.join(', ')}`,
    now: 'take one of these needs away',
  }
}
