import type { FarOutlet } from '../far/far-outlet.ts'
import type { MetricsStatus, Settings } from '../metrics-side.ts'
import { askAt, type Asking } from '../promql/engine.ts'
import type { RuleGroup } from '../rules/rule.ts'
import { RuleRunner } from '../rules/rule-runner.ts'
import { rulesAnswer } from '../rules/rules-answer.ts'
import { wait } from '../wait.ts'
import type { Line } from './line.ts'
import { ownNumbers } from './own-numbers.ts'
import { receive, writeOwn } from './receive.ts'

export type OwnWorld = Readonly<{
  outlet: FarOutlet
  /** What rules ask stands in one line with what others ask. */
  line: Line
  asking: Asking
  now: () => number
}>

/** What the thread does without being asked: it evaluates rules, and sends samples to a far side. */
export type OwnWork = Readonly<{
  heed: (settings: Settings) => Promise<null>
  status: () => MetricsStatus
  /** Takes in what is known of it. */
  tell: () => void
  close: () => Promise<void>
}>

export function ownWork({ outlet, line, asking, now }: OwnWorld): OwnWork {
  const { intake } = outlet
  const runner = new RuleRunner(
    { ask: ({ expression }, atMs) => line.add(() => askAt(expression, atMs, asking)), intake, now },
    wait,
  )
  let heeded = '[]'
  return {
    heed: async ({ far, rules }) => {
      outlet.heed(far)
      const said = JSON.stringify(rules)
      if (said === heeded) return null
      heeded = said
      const groups = await groupsOf(rules)
      // Others may have been said meanwhile.
      if (heeded === said) runner.replace(groups)
      return null
    },
    status: () => ({ far: outlet.status, rules: rulesAnswer(runner.groups) }),
    tell: () => {
      outlet.retry()
      receive(() => writeOwn(intake, ownNumbers(outlet.status, runner.groups, now())))
    },
    close: async () => {
      await runner.stop()
      await outlet.close()
    },
  }
}

/** What reads files of rules is loaded with the first of them: most have none, and it is large. */
async function groupsOf(rules: Settings['rules']): Promise<readonly RuleGroup[]> {
  if (rules.length === 0) return []
  const { readRules } = await import('../rules/file/read-rules.ts')
  return rules.flatMap(({ file, text }) => readRules(file, text).groups)
}
