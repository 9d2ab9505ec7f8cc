import type { Json } from '../../change/json.ts'
import { print } from '../promql/print.ts'
import type { RuleHealth } from './group-run.ts'
import type { GroupAtWork } from './rule-runner.ts'
import type { RecordingRule } from './rule.ts'

/** What clients expect of a time that never was. */
const never = '0001-01-01T00:00:00Z'

/** The data of `GET /api/v1/rules`: the rules that are evaluated. */
export function rulesAnswer(groups: readonly GroupAtWork[]): Json {
  return {
    groups: groups.toSorted(byFile).map(({ run, intervalMs }) => ({
      name: run.group.name,
      file: run.group.file,
      rules: run.group.rules.flatMap((rule) =>
        rule.type === 'recording' ? [shownRule(rule, run.health(rule))] : [],
      ),
      interval: intervalMs / 1000,
      limit: run.group.limit,
      evaluationTime: run.evaluated.tookMs / 1000,
      lastEvaluation: timeText(run.evaluated.atMs),
    })),
  }
}

/** By the names of files, and in each by their own. */
function byFile({ run: { group: a } }: GroupAtWork, { run: { group: b } }: GroupAtWork): number {
  return compare(a.file, b.file) || compare(a.name, b.name)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function shownRule(rule: RecordingRule, { health, error, evaluatedMs, tookMs }: RuleHealth): Json {
  return {
    name: rule.record,
    query: print(rule.expression),
    ...(Object.keys(rule.labels).length > 0 && { labels: rule.labels }),
    health,
    ...(error !== null && { lastError: error }),
    evaluationTime: tookMs / 1000,
    lastEvaluation: timeText(evaluatedMs),
    type: 'recording',
  }
}

function timeText(ms: number | null): string {
  return ms === null ? never : new Date(ms).toISOString()
}
