import type { FlipWish } from '../../api/wire/flags.ts'
import { TroubleError } from '../../change/trouble.ts'
import { type Path, written } from '../../../sdk/flag/mistake.ts'
import type { FlagWorld } from '../flag-world.ts'

type Query = Readonly<{ path: Path; query: string }>

/** Throws where a query that is to be asked later cannot be read now: then somebody still sits before it. */
export async function refuseQueries({ queryTrouble }: FlagWorld, wish: FlipWish): Promise<void> {
  for (const { path, query } of queriesOf(wish)) {
    const trouble = await queryTrouble(query)
    if (trouble === null) continue
    throw new TroubleError({
      what: `${written(path)}: ${trouble}`,
      now: 'write PromQL that answers with one number, and try it with `tandem graph`',
      tail: query.split('\n'),
    })
  }
}

function queriesOf(wish: FlipWish): readonly Query[] {
  if (wish.do === 'roll') return watched(wish, [])
  if (wish.do !== 'write') return []
  return wish.items.flatMap((item) => {
    if (!('flag' in item) || item.to === null) return []
    const { knob } = item.to
    const path = ['flags', item.flag]
    const bound =
      knob?.bound === undefined
        ? []
        : [{ path: [...path, 'knob', 'bound', 'query'], query: knob.bound.query }]
    return [...bound, ...watched(item.to, path)]
  })
}

function watched(
  { watch = [] }: Pick<Extract<FlipWish, { do: 'roll' }>, 'watch'>,
  path: Path,
): readonly Query[] {
  return watch.map(({ query }, at) => ({ path: [...path, 'watch', at, 'query'], query }))
}
