import { foldNames } from './host-names.ts'
import type { HostPlan } from './plan-host.ts'

const namesShown = 8

/** What changed where, in a line for each group of hosts with the same: `web1-web3: file /etc/motd, user deploy`. */
export function summaryOf(plans: readonly HostPlan[]): readonly string[] {
  const groups = Map.groupBy(
    plans.filter(({ ops }) => ops.length > 0),
    ({ changes }) => changedIn(changes),
  )
  return [...groups].map(([did, same]) => `${foldNames(same.map(({ host }) => host))}: ${did}`)
}

function changedIn(changes: HostPlan['changes']): string {
  const names = changes.filter(({ mark }) => mark !== ' ').map(({ resource }) => resource)
  const more = names.length - namesShown
  const shown = names.slice(0, more > 0 ? namesShown : names.length).join(', ')
  return more > 0 ? `${shown} and ${more} more` : shown
}
