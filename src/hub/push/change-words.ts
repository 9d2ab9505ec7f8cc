import type { ChangeView } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'
import type { Plan } from '../../change/plan.ts'
import { isOver } from '../../change/status.ts'
import { planOf } from '../../change/undo.ts'
import { endText } from '../../words/end.ts'
import { paintFor, tame } from '../../words/paint.ts'
import { took } from '../../words/time.ts'
import { type Said, said } from './said.ts'

const hostsNamed = 6
const paint = paintFor({ hasColour: false })

/** What a change has to say to who pushed its commit, so far: its stages, and how it ended. */
export function changeWords(view: ChangeView, entries: readonly Entry[]): readonly Said[] {
  const plan = planOf(entries)
  const words = [
    said('begun', `${view.id}: ${view.kind} to ${view.target}`),
    ...entries.flatMap((entry) => stageWords(entry, entries, plan)),
  ]
  if (!isOver(view.status)) return words
  return [...words, said('end', ...endText(view, plan, paint).split('\n'))]
}

/** One entry, as far as it is news for who waits. */
function stageWords(entry: Entry, entries: readonly Entry[], plan: Plan | null): readonly Said[] {
  const say = (text: string): readonly Said[] => [said(String(entry.seq), `${entry.change} ${tame(text)}`)]
  switch (entry.type) {
    case 'stage-done': {
      const began = entries.find((one) => one.type === 'stage-started' && one.stage === entry.stage)
      const time = began === undefined ? '' : ` (${took(entry.at - began.at)})`
      return say(`${entry.stage} done${hostsOf(plan, entry.stage)}${time}`)
    }
    case 'watched': {
      if (entry.verdict === 'healthy') return []
      return say(`${entry.stage} looks ${entry.verdict}: ${entry.evidence.join('; ')}`)
    }
    case 'step-failed':
      return say(`${entry.step} failed`)
    case 'decided':
      return entry.to === 'finish' ? [] : say(`is being undone: ${entry.why}`)
    case 'stop-asked':
      return say(`is to stop: ${entry.who} asks for it`)
    case 'overruled':
      return say(`goes on: ${entry.who} overrules the guard (${entry.why})`)
    case 'resumed':
      return say(`goes on: ${entry.why}`)
    case 'ordered':
    case 'leased':
    case 'planned':
    case 'announced':
    case 'stage-started':
    case 'step-started':
    case 'step-done':
    case 'undo-started':
    case 'undo-done':
    case 'undo-failed':
    case 'fenced':
    case 'healed':
    case 'note':
    case 'refused':
    case 'withdrawn':
    case 'finished':
    case 'undone':
    case 'stuck':
      return []
  }
}

function hostsOf(plan: Plan | null, stage: string): string {
  const steps = plan?.stages.find(({ name }) => name === stage)?.steps ?? []
  const hosts = [...new Set(steps.flatMap(({ host }) => host ?? []))]
  if (hosts.length === 0) return ''
  return hosts.length > hostsNamed ? `: ${hosts.length} hosts` : `: ${hosts.join(', ')}`
}
