import type { ChangeView } from '../api/wire/wire.ts'
import type { Plan } from '../change/plan.ts'
import { hasWayBack } from '../change/undo.ts'
import type { Paint } from './paint.ts'
import { tame } from './paint.ts'
import { took } from './time.ts'
import { troubleText } from './trouble.ts'

/** The last words on a change that is over: how it ended, and what a person can do now. */
export function endText(change: ChangeView, plan: Plan | null, paint: Paint): string {
  const lines = [
    ...(change.trouble === null ? [] : [troubleText(change.trouble, paint)]),
    ...(change.status === 'done' ? summaryIn(plan).map((line) => `  ${paint.dim(tame(line))}`) : []),
    endLine(change, plan, paint),
    ...change.fenced.map((host) => paint.care(`${host} was left behind and is healed when it returns`)),
  ]
  return lines.join('\n')
}

function endLine(change: ChangeView, plan: Plan | null, paint: Paint): string {
  const time = `(${took((change.endedAt ?? change.orderedAt) - change.orderedAt)})`
  const id = paint.bold(change.id)
  if (change.status === 'done') {
    return `${id} ${paint.good('done')}: ${tame(liveText(change, plan))} ${time}${wayBack(change, plan)}`
  }
  const words = {
    undone: `failed and was undone: everything is as before ${time}`,
    refused: `was refused: nothing changed ${time}`,
    withdrawn: `was withdrawn: nothing changed ${time}`,
    stuck: `needs a person: it is neither done nor undone ${time}. see: tandem show ${change.id}`,
  }
  const { status } = change
  const isBad = status === 'undone' || status === 'refused' || status === 'withdrawn' || status === 'stuck'
  return `${id} ${isBad ? paint.bad(words[status]) : status}`
}

/** What changed where, as far as the kind of change says so. */
function summaryIn(plan: Plan | null): readonly string[] {
  const outcome = plan?.outcome
  if (typeof outcome !== 'object' || outcome === null || !('summary' in outcome)) return []
  const { summary } = outcome
  return Array.isArray(summary) ? summary.map(String) : []
}

/** How to take it back; nothing where nothing was done, or nothing of it can be. */
function wayBack(change: ChangeView, plan: Plan | null): string {
  if (plan === null || !hasWayBack(plan)) return ''
  return `. ${change.reverts === null ? 'undo' : 'again'}: tandem revert ${change.id}`
}

/** `shop 3f2a1c9 is live on 3 of 3 hosts`, as far as the kind of change says so. */
function liveText(change: ChangeView, plan: Plan | null): string {
  const outcome = plan?.outcome
  if (typeof outcome !== 'object' || outcome === null || !('app' in outcome) || !('commit' in outcome)) {
    return change.title
  }
  const { app, commit, hosts } = outcome
  if (typeof app !== 'string' || typeof commit !== 'string' || !Array.isArray(hosts)) return change.title
  const reached = hosts.filter((host) => !change.fenced.includes(String(host))).length
  return `${app} ${commit.slice(0, 7)} is live on ${reached} of ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`
}
