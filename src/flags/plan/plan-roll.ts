import { hash } from 'node:crypto'
import type { FlipWish } from '../../api/wire/flags.ts'
import { canonical } from '../../change/canonical.ts'
import type { Plan } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { Expectation, Flag, Rule, Share } from '../../../sdk/flag/flag.ts'
import { meant } from '../../../sdk/flag/mistake.ts'
import { isSame } from '../fold.ts'
import type { Move } from '../step.ts'
import { percentText, ruleText, stageText } from '../../words/flag.ts'
import { expectationText } from '../../words/expectation.ts'
import { expectationsFor, outcomeOf } from '../watch/expectations.ts'
import { flagIn } from './flag-in.ts'
import { type Desk, planOf, stageOf } from './parts.ts'
import { refuseMistakes } from './plan-write.ts'

type Roll = Extract<FlipWish, { do: 'roll' }>

/** Gives a variant to more and more people, a stage for each share of them. Who has it keeps it. */
export function planRoll({ book }: Desk, wish: Roll): Plan {
  const environment = book.environment(wish.environment)
  const flag = flagIn(environment, wish.flag)
  refuseRoll(flag, wish)
  const rule = ruleFor(flag, wish)
  const ways = wish.stages.map(({ percent, holdMs }) => ({ holdMs, share: shareOf(rule, percent) }))
  let before = flag
  const steps = ways.map(({ holdMs, share }) => {
    const after = withRule(flag, { ...rule, share })
    const move: Move = { what: 'flag', key: wish.flag, before, after }
    before = after
    return { holdMs, share, move }
  })
  const moving = steps.filter(({ move }) => !isSame(move.before, move.after))
  const [last] = moving.slice(-1)
  if (last === undefined)
    return planOf({ title: `${wish.flag} has come that far already`, lines: [], warnings: [], stages: [] })
  refuseMistakes(environment, [{ ...last.move, before: flag } as Move])
  const watch = expectationsFor(flag, wish)
  refuseUnwatched(wish, watch)
  const way = moving.map(({ share }) => percentText(share)).join(' -> ')
  const old = flag.rules?.find(({ id }) => id === rule.id)
  const plan = planOf({
    title: `${wish.flag} in ${wish.environment}: ${wish.serve} for ${way}`,
    lines: [
      ...(old === undefined
        ? [{ mark: '+' as const, text: `rule ${rule.id}: ${ruleText({ ...rule, share: last.share })}` }]
        : [{ mark: '~' as const, text: `rule ${rule.id}: ${ruleText(old)} -> ${percentText(last.share)}` }]),
      ...moving.map(({ share, holdMs }) => ({
        mark: ' ' as const,
        text: stageText(share, holdMs),
      })),
      ...watch.map((each) => ({ mark: ' ' as const, text: `watched: ${expectationText(each)}` })),
    ],
    warnings: [],
    stages: moving.map(({ share, holdMs, move }) =>
      stageOf(percentText(share), { action: 'set', environment: wish.environment, moves: [move] }, holdMs),
    ),
  })
  return { ...plan, outcome: outcomeOf(watch) }
}

/** A number of the very moment in which a stage begins says nothing of that stage. */
function refuseUnwatched({ flag, stages }: Roll, watch: readonly Expectation[]): void {
  if (watch.length === 0 || stages.some(({ holdMs }) => holdMs > 0)) return
  throw new TroubleError({
    what: `no stage lasts, so that nobody would see whether ${watch.map(expectationText).join(' and ')}`,
    where: flag,
    now: 'say for how long each is looked at: `--hold 10m`',
  })
}

function refuseRoll(flag: Flag, { flag: key, serve, environment, stages }: Roll): void {
  if (!flag.on)
    throw new TroubleError({
      what: `${key} in ${environment} is switched off: whoever it was rolled out to would not get it`,
      now: `switch it on first: \`tandem flag set ${key} --on\``,
    })
  if (!Object.hasOwn(flag.variants, serve))
    throw new TroubleError({
      what: `${key} has no variant '${serve}'`,
      now: meant(serve, Object.keys(flag.variants)),
    })
  const back = stages.find(({ percent }, at) => percent <= (stages[at - 1]?.percent ?? 0))
  if (back !== undefined)
    throw new TroubleError({
      what: `a rollout goes up, and ${back.percent} % comes after ${stages[stages.indexOf(back) - 1]?.percent} %`,
      now: 'write the stages in order, such as 1%, 10%, 50%, 100%',
    })
}

/** The rule that is meant, or the one that gives this to the same people already, or a new one. */
function ruleFor(flag: Flag, wish: Roll): Rule {
  const rules = flag.rules ?? []
  if (wish.rule !== undefined) {
    const found = rules.find(({ id }) => id === wish.rule)
    if (found?.serve === wish.serve) return found
    throw new TroubleError({
      what:
        found === undefined
          ? `${wish.flag} has no rule '${wish.rule}'`
          : `the rule ${wish.rule} does not serve ${wish.serve} to all it is for`,
      now: meant(
        wish.rule,
        rules.filter(({ serve }) => serve === wish.serve).map(({ id }) => id),
      ),
    })
  }
  const id = idFor(wish)
  const isMeant = ({ when, serve, share }: Rule): boolean =>
    share !== undefined && serve === wish.serve && canonical(when ?? null) === canonical(wish.when ?? null)
  return (
    rules.find((rule) => rule.id === id) ??
    rules.find(isMeant) ?? { id, serve: wish.serve, ...(wish.when !== undefined && { when: wish.when }) }
  )
}

/** The same rollout draws the same lots, also when it was taken back and is tried again. */
function idFor({ flag, serve, when }: Roll): string {
  return `r${hash('sha256', canonical([flag, serve, when ?? null])).slice(0, 8)}`
}

const fineParts = 100_000

function shareOf({ id, share }: Rule, percent: number): Share {
  const draw = share ?? { hash: 'tandem-1' as const, salt: `${id}:` }
  const { hash: name, salt, by } = { by: undefined, ...draw }
  const isWhole = Number.isInteger(percent)
  return {
    hash: name,
    salt,
    weight: isWhole ? percent : Math.round((percent / 100) * fineParts),
    of: isWhole ? 100 : fineParts,
    ...(by !== undefined && { by }),
  }
}

function withRule(flag: Flag, rule: Rule): Flag {
  const rules = flag.rules ?? []
  const isThere = rules.some(({ id }) => id === rule.id)
  return {
    ...flag,
    rules: isThere ? rules.map((each) => (each.id === rule.id ? rule : each)) : [rule, ...rules],
  }
}
