import type { FlipItem, FlipWish } from '../../api/wire/flags.ts'
import type { Plan } from '../../change/plan.ts'
import { TroubleError } from '../../change/trouble.ts'
import { said } from '../../../sdk/flag/mistake.ts'
import type { Environment } from '../environment.ts'
import { isSame } from '../fold.ts'
import { type Move, revOf } from '../step.ts'
import { byWhom, targetOf } from '../target.ts'
import { linesOf } from '../../words/flag.ts'
import { mistakesOfMoves } from './check-edit.ts'
import { definitionNamed } from './definition-named.ts'
import { type Desk, planMoves } from './parts.ts'

type Write = Extract<FlipWish, { do: 'write' }>

/** Makes definitions others, all at once, if each is the one that its author has seen. */
export async function planWrite(desk: Desk, wish: Write): Promise<Plan> {
  const environment = desk.book.environment(wish.environment)
  for (const item of wish.items) await refuseMoved(desk, environment, item, targetOf(wish))
  const moves = movesOf(environment, wish)
  refuseMistakes(environment, moves)
  return planMoves(wish.environment, moves)
}

/** What a wish moves; what is so already is left out. */
export function movesOf(environment: Environment, { items }: Pick<Write, 'items'>): readonly Move[] {
  const moves = items.map((item): Move => {
    if ('flag' in item)
      return { what: 'flag', key: item.flag, before: environment.flag(item.flag) ?? null, after: item.to }
    const before = environment.segment(item.segment) ?? null
    return { what: 'segment', key: item.segment, before, after: item.to }
  })
  const names = moves.map(({ what, key }) => `${what} ${key}`)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new TroubleError({ what: `${twice} is there twice`, now: 'send each once' })
  return moves.filter(({ before, after }) => !isSame(before, after))
}

/** Throws what is wrong with the environment once these moves are made. */
export function refuseMistakes(environment: Environment, moves: readonly Move[]): void {
  const mistakes = mistakesOfMoves(environment, moves)
  const [first] = mistakes
  if (first === undefined) return
  const rest = mistakes.slice(1, 20).map(said)
  throw new TroubleError({
    what: said({ ...first, now: '' }).replace(/; $/, ''),
    where: environment.name,
    now: first.now,
    ...(rest.length > 0 && { tail: rest }),
  })
}

async function refuseMoved(
  desk: Desk,
  environment: Environment,
  item: FlipItem,
  target: string,
): Promise<void> {
  if (item.base === undefined) return
  const seen = 'flag' in item ? environment.seen.flag(item.flag) : environment.seen.segment(item.segment)
  if ((seen?.rev ?? null) === item.base) return
  const [what, key] = 'flag' in item ? ['flag', item.flag] : ['segment', item.segment]
  const name = `${key} in ${environment.name}`
  if (seen === null)
    throw new TroubleError({ what: `${name} is gone meanwhile`, now: `make it anew, if it is still wanted` })
  if (item.base === null)
    throw new TroubleError({
      what: `there is a ${what} ${name} already, made ${byWhom(seen)}`,
      now: 'take another key, or edit that one',
    })
  const before = await definitionNamed(desk.world.store, target, item.base)
  const now = 'flag' in seen ? seen.flag : seen.segment
  const move = { what, key, before, after: now } as Move
  throw new TroubleError({
    what: `${name} was altered meanwhile, ${byWhom(seen)}`,
    now: 'see what it is now, and make your edit on that',
    ...(before !== null &&
      revOf(before) !== seen.rev && { tail: linesOf(move).map(({ mark, text }) => `${mark} ${text}`) }),
  })
}
