import { existsSync } from 'node:fs'
import { labelsOf, metricName } from '../labels.ts'
import { MemorySource } from '../memory-source.ts'
import { askAt, usual } from '../promql/engine.ts'
import { labelsText } from '../promql/labels-text.ts'
import { tryIntake, type TryIntake } from '../try-intake.ts'
import { readRules } from './file/read-rules.ts'
import type { RuleWorld } from './group-run.ts'
import type { RuleGroup } from './rule.ts'

/** Why what needs promtool is left out; false where it is there. */
export function promtoolMissing(): string | false {
  return existsSync('/usr/bin/promtool') ? false : 'promtool is missing (apt-get install prometheus)'
}

/** The group of these rules, written as they stand in a file. */
export function groupOf(rules: string, also = 'interval: 1m'): RuleGroup {
  const { groups, mistakes } = readRules('rules.yml', `groups:\n- name: g\n  ${also}\n  rules:${rules}\n`)
  const [group] = groups
  if (group === undefined || mistakes.length > 0) throw new Error(JSON.stringify(mistakes))
  return group
}

export type TryWorld = RuleWorld &
  Readonly<{
    intake: TryIntake
    write: (
      name: string,
      labels: Readonly<Record<string, string>>,
      samples: readonly (readonly [number, number | string])[],
    ) => void
    sampled: (name: string, atMs: number) => Promise<readonly Readonly<{ labels: string; value: number }>[]>
  }>

/** Rules ask what was written here and what they came to themselves. */
export function tryWorld(): TryWorld {
  const source = new MemorySource()
  const collecting = tryIntake()
  const asking = { source, ...usual }
  const intake: TryIntake = {
    ...collecting,
    take: (columns) => {
      const from = collecting.samples().length
      const taken = collecting.take(columns)
      for (const { labels, ms, value, isStale } of collecting.samples().slice(from))
        source.write(labels, [{ atMs: ms, value: isStale ? 'stale' : value }])
      return taken
    },
  }
  return {
    intake,
    now: () => 0,
    ask: ({ expression }, atMs) => askAt(expression, atMs, asking),
    write: (name, labels, samples) =>
      source.write(
        labelsOf({ [metricName]: name, ...labels }),
        samples.map(([atMs, value]) => ({ atMs, value: typeof value === 'number' ? value : 'stale' })),
      ),
    sampled: async (name, atMs) => {
      const { runs } = await source.select({
        matchers: [{ name: metricName, operator: '=', value: name }],
        fromMs: atMs,
        toMs: atMs,
      })
      return [...runs].flatMap(({ labels, values, stale }) =>
        values.length === 0 || stale !== null
          ? []
          : [{ labels: labelsText(labels), value: values[0] ?? NaN }],
      )
    },
  }
}
