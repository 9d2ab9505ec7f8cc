import type { FarStatus } from '../far/far-outlet.ts'
import { type Labels, labelsOf, metricName } from '../labels.ts'
import type { OwnSamples } from '../metrics-side.ts'
import type { GroupAtWork } from '../rules/rule-runner.ts'

type Numbered = Readonly<{ name: string; labels?: Readonly<Record<string, string>>; value: number }>

/** What the thread knows of itself, as samples of a time: how it stands with the far side, and with rules. */
export function ownNumbers(far: FarStatus | null, groups: readonly GroupAtWork[], nowMs: number): OwnSamples {
  const numbers = [...(far === null ? [] : farNumbers(far, nowMs)), ...groups.flatMap(groupNumbers)]
  return {
    labels: numbers.map(nameOf),
    times: numbers.map(() => nowMs),
    values: numbers.map(({ value }) => value),
    stale: [],
  }
}

function farNumbers(far: FarStatus, nowMs: number): readonly Numbered[] {
  const { bytes, samples, sinceMs } = far.queue
  const lost = Object.entries({ ...far.lost, refused: far.refused })
  return [
    { name: 'tandem_far_up', value: far.trouble === null ? 1 : 0 },
    { name: 'tandem_far_queue_bytes', value: bytes },
    { name: 'tandem_far_queue_limit_bytes', value: far.queueBytes },
    { name: 'tandem_far_queue_samples', value: samples },
    { name: 'tandem_far_queue_age_seconds', value: sinceMs === null ? 0 : (nowMs - sinceMs) / 1000 },
    { name: 'tandem_far_sent_samples_total', value: far.sent },
    { name: 'tandem_far_retries_total', value: far.retries },
    ...lost.map(([why, value]) => ({ name: 'tandem_far_dropped_samples_total', labels: { why }, value })),
  ]
}

function groupNumbers({ run, missed }: GroupAtWork): readonly Numbered[] {
  const labels = { rule_group: `${run.group.file};${run.group.name}` }
  const failing = run.group.rules.filter(
    (rule) => rule.type === 'recording' && run.health(rule).health === 'err',
  )
  return [
    { name: 'tandem_rule_group_failing', labels, value: failing.length },
    { name: 'tandem_rule_group_duration_seconds', labels, value: run.evaluated.tookMs / 1000 },
    { name: 'tandem_rule_group_missed_total', labels, value: missed },
  ]
}

function nameOf({ name, labels = {} }: Numbered): Labels {
  return labelsOf({ [metricName]: name, job: 'tandem', instance: 'hub', ...labels })
}
