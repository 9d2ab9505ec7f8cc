import type { PlanLine } from '../../change/plan.ts'
import { count } from './content-diff.ts'
import { foldNames } from './host-names.ts'
import type { HostPlan, ResourceChange } from './plan-host.ts'

/** The plan for people: what is the same on many hosts is told once. */
export function planLines(plans: readonly HostPlan[]): readonly PlanLine[] {
  const lines: PlanLine[] = []
  let above = ''
  for (const { hosts, told } of grouped(plans)) {
    const header = `${foldNames(hosts)}:`
    if (header !== above) lines.push({ mark: ' ', text: header })
    above = header
    lines.push(...told)
  }
  return [...lines, { mark: ' ', text: countText(plans) }]
}

/** `apply to web1-web50: 3 to make, 2 to alter`; with a commit, `apply 2f9c1ab to …`. */
export function planTitle(plans: readonly HostPlan[], commit: string | null): string {
  const what = commit === null ? 'apply' : `apply ${commit.slice(0, 7)}`
  const busy = plans.filter(({ ops }) => ops.length > 0)
  if (busy.length === 0) return `${what} to ${foldNames(plans.map(({ host }) => host))}: nothing to do`
  return `${what} to ${foldNames(busy.map(({ host }) => host))}: ${tallyText(busy)}`
}

type Group = Readonly<{ hosts: readonly string[]; told: readonly PlanLine[] }>

/** What is told of one resource, with all hosts of which the same is told, in the order of the recipes. */
function grouped(plans: readonly HostPlan[]): readonly Group[] {
  const groups = new Map<string, { hosts: string[]; told: readonly PlanLine[] }>()
  for (const { host, changes } of plans) {
    for (const change of changes) {
      const told = changeLines(change)
      if (told.length === 0) continue
      const key = told.map(({ mark, text }) => mark + text).join('\n')
      const group = groups.get(key) ?? { hosts: [], told }
      groups.set(key, { ...group, hosts: group.hosts.includes(host) ? group.hosts : [...group.hosts, host] })
    }
  }
  return [...groups.values()]
}

function changeLines(change: ResourceChange): readonly PlanLine[] {
  const { mark, resource, at, lines, notes, unknown, cannotUndo } = change
  if (mark === ' ' && notes.length === 0) return []
  const inside = (text: string): PlanLine => ({ mark: ' ', text: `      ${text}` })
  return [
    { mark, text: `  ${resource} (${at})` },
    ...lines.map((line) => ({ mark: line.mark, text: `      ${line.text}` })),
    ...notes.map((note) => inside(change.type === 'payment' ? note : `note: ${note}`)),
    ...(unknown === null ? [] : [inside(`not known yet: ${unknown}`)]),
    ...(cannotUndo === null ? [] : [inside(`cannot be undone: ${cannotUndo}`)]),
  ]
}

function countText(plans: readonly HostPlan[]): string {
  const right = resourcesOf(plans).filter(({ mark }) => mark === ' ').length
  const rest = `${right} ${right === 1 ? 'is as it should be' : 'are as they should be'}`
  const busy = plans.filter(({ ops }) => ops.length > 0).length
  if (busy === 0) return `nothing to do on ${count(plans.length, 'host')}; ${rest}`
  return `${tallyText(plans)} on ${count(busy, 'host')}; ${rest}`
}

/** Resources on hosts: a file on 50 hosts counts 50. */
function tallyText(plans: readonly HostPlan[]): string {
  const resources = resourcesOf(plans)
  const many = (mark: PlanLine['mark']): number => resources.filter((change) => change.mark === mark).length
  const payments = plans.flatMap(({ changes }) =>
    changes.filter(({ type, mark }) => type === 'payment' && mark !== ' '),
  )
  const parts = [
    [many('+'), 'to make'],
    [many('~'), 'to alter'],
    [many('-'), 'to remove'],
    [payments.length, payments.length === 1 ? 'thing owed' : 'things owed'],
  ] as const
  return parts.flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`])).join(', ')
}

function resourcesOf(plans: readonly HostPlan[]): readonly ResourceChange[] {
  return plans.flatMap(({ changes }) => changes.filter(({ type }) => type !== 'payment'))
}
