import type { Plan, PlanLine, Stage } from '../../change/plan.ts'
import type { Book } from '../book.ts'
import type { FlagWorld } from '../flag-world.ts'
import { type Deed, type Move, stepOf } from '../step.ts'
import { linesOf } from '../../words/flag.ts'

/** What plans are made of. The book has been read up to now. */
export type Desk = Readonly<{ world: FlagWorld; book: Book }>

type Parts = Readonly<{
  title: string
  lines: readonly PlanLine[]
  warnings: readonly string[]
  stages: readonly Stage[]
}>

export const planOf = (parts: Parts): Plan => ({ ...parts, settle: [], fenced: [], outcome: null })

/** A stage of one deed. */
export function stageOf(name: string, deed: Deed, holdMs = 0): Stage {
  return { name, steps: [stepOf(name, deed)], atOnce: 1, watch: holdMs === 0 ? null : { forMs: holdMs } }
}

/** A plan that makes these moves at once. */
export function planMoves(environment: string, moves: readonly Move[], title?: string): Plan {
  const each = moves.map((move) => ({ move, lines: linesOf(move) }))
  const [first] = each
  if (first === undefined)
    return planOf({ title: `nothing to do in ${environment}`, lines: [], warnings: [], stages: [] })
  const lines = each.flatMap(({ move, lines: said }) =>
    each.length === 1 ? said : [headOf(move), ...said.map(({ mark, text }) => ({ mark, text: `  ${text}` }))],
  )
  const deed: Deed = { action: 'set', environment, moves }
  return planOf({
    title: title ?? titleOf(environment, each),
    lines,
    warnings: moves.flatMap(warningsOf),
    stages: [stageOf('set', deed)],
  })
}

function headOf({ what, key, before, after }: Move): PlanLine {
  return { mark: before === null ? '+' : after === null ? '-' : '~', text: `${what} ${key}` }
}

function titleOf(
  environment: string,
  each: readonly Readonly<{ move: Move; lines: readonly PlanLine[] }>[],
): string {
  const [first] = each
  if (first === undefined || each.length > 1) return `${each.length} flags and segments in ${environment}`
  const { move, lines } = first
  const name = `${move.what === 'flag' ? '' : 'segment '}${move.key} in ${environment}`
  if (move.before === null) return `new ${move.what} ${move.key} in ${environment}`
  if (move.after === null) return `archive ${name}`
  const [only] = lines
  return lines.length === 1 && only !== undefined
    ? `${name}: ${only.text}`
    : `${name}: ${lines.length} alterations`
}

function warningsOf({ what, key, before, after }: Move): readonly string[] {
  if (what === 'flag' && before !== null && after === null)
    return [`programs that still ask for ${key} get their own default`]
  return []
}
