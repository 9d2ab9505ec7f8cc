import type { CommitPlan } from '../../api/wire/code.ts'
import type { Plan, PlanLine } from '../../change/plan.ts'
import type { Trouble } from '../../change/trouble.ts'
import { hasRecipe } from '../../infra/hosts-meant.ts'
import type { InfraWorld } from '../../infra/infra-world.ts'
import type { Kind } from '../../pipeline/kind.ts'
import type { PlanSummary } from '../../vcs/forges/status.ts'

/** A plan as it is kept: what there is to do now is said when somebody looks. */
export type KeptPlan = Omit<CommitPlan, 'next'>

/** What a plan has come to. */
export type PlanOutcome = Pick<
  KeptPlan,
  'text' | 'isEmpty' | 'lines' | 'cut' | 'warnings' | 'away' | 'trouble'
>

const mostLines = 1_000
const mostChars = 100_000

type Makers = Readonly<{ infra: Pick<InfraWorld, 'asOf'>; apply: Pick<Kind, 'accept' | 'plan'> }>

/** Looks at the hosts beside the recipes of a commit. Nobody has ordered it, so it does no more than that. */
export async function planOfCommit(
  { infra, apply }: Makers,
  commit: string,
  signal: AbortSignal,
): Promise<PlanOutcome> {
  const source = await infra.asOf(commit)
  const config = await source.config()
  if (!Object.values(config.hosts).some(({ roles }) => hasRecipe(config, roles))) {
    const warnings = source.strangers.map((host) => `${host} is new, and not looked at yet`)
    return { ...nothingKnown, text: 'nothing to apply: no host has a recipe', isEmpty: true, warnings }
  }
  const { target, wish } = await apply.accept({ do: 'recipes', commit })
  const order = { kind: 'apply', target, wish, who: 'tandem', door: 'git', why: '', reverts: null } as const
  return outcomeOf(await apply.plan({ change: null, order, say: () => {}, signal }))
}

const nothingKnown: PlanOutcome = {
  text: '',
  isEmpty: false,
  lines: [],
  cut: 0,
  warnings: [],
  away: [],
  trouble: null,
}

function outcomeOf(plan: Plan): PlanOutcome {
  const shown = shownOf(plan.lines)
  const away = plan.fenced.length === 0 ? '' : `; ${plan.fenced.join(', ')} could not be looked at`
  return {
    text: `${plan.title.replace(/^apply [0-9a-f]+ to /, '')}${away}`,
    // What is away is brought along when it returns, if somebody applies.
    isEmpty: plan.stages.length === 0 && plan.fenced.length === 0,
    lines: shown,
    cut: plan.lines.length - shown.length,
    warnings: plan.warnings,
    away: plan.fenced,
    trouble: null,
  }
}

function shownOf(lines: readonly PlanLine[]): readonly PlanLine[] {
  let chars = 0
  const end = lines.findIndex(({ text }, nth) => nth === mostLines || (chars += text.length) > mostChars)
  return end === -1 ? lines : lines.slice(0, end)
}

/** Why there can be no plan, as one line and whole. */
export function brokenBy(trouble: Trouble): PlanOutcome {
  const where = trouble.where === undefined ? '' : `${trouble.where}: `
  return { ...nothingKnown, text: `${where}${trouble.what}`, trouble }
}

/** Of a commit that nobody has looked at yet. */
export const waiting = (
  { commit, ref, who }: Pick<KeptPlan, 'commit' | 'ref' | 'who'>,
  at: number,
): KeptPlan => ({ ...nothingKnown, commit, ref, who, state: 'waiting', at, text: 'waits to be looked at' })

/** What there is to do about a commit; `goes` says that it is applied by itself. */
export function nextStep({ state, isEmpty, commit }: KeptPlan, goes: boolean): string | null {
  if (state !== 'planned' || isEmpty) return null
  return goes
    ? 'it is applied by itself when its run is green'
    : `tandem apply --commit ${commit.slice(0, 12)}`
}

/** What the forge of a commit is told. */
export function summaryOf(repo: string, plan: KeptPlan, goes: boolean): PlanSummary {
  const path = `/repos/${repo}/commits/${plan.commit}`
  const next = nextStep(plan, goes)
  switch (plan.state) {
    case 'waiting':
    case 'looking':
      return { type: 'plan', state: 'pending', text: plan.text, path }
    case 'planned': {
      const text = next === null ? plan.text : `${plan.text}; ${next}`
      return { type: 'plan', state: 'success', text, path }
    }
    case 'broken':
    case 'passed by':
    case 'left out':
      return { type: 'plan', state: 'failure', text: plan.text, path }
  }
}
