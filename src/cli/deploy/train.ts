import type { HoldView, TrainPlace } from '../../api/wire/code.ts'
import { type Command, hubOptions } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import { ago, stamp } from '../../words/time.ts'

export const command: Command = {
  usage: ['train'],
  about: 'Shows the commits that are on their way out by themselves, and what is held back.',
  options: hubOptions,
  most: 0,
  run: (args, world) =>
    withHub(args, world, async ({ client }) => {
      const train = await client.call('GET /api/train')
      const page = pageOf(world)
      world.out(args.has('json') ? JSON.stringify(train) : trainText(train, page).join('\n'))
      return 0
    }),
}

export function trainText(
  { places, holds }: Readonly<{ places: readonly TrainPlace[]; holds: readonly HoldView[] }>,
  page: Page,
): readonly string[] {
  const none = page.paint.dim(
    'nothing is on its way: a commit that passes its jobs goes where `deploy: on green` is set',
  )
  const rows = places.map((place) => [
    cell(place.target),
    cell(place.commit.slice(0, 7), 'link'),
    cell(place.status, place.status === 'going' ? 'good' : place.why === null ? 'plain' : 'care'),
    cell(place.who),
    cell(place.subject),
    cell([place.change ?? '', place.why ?? ''].filter((text) => text !== '').join('  '), 'dim'),
  ])
  const train =
    rows.length === 0 ? [none] : table(['TARGET', 'COMMIT', 'STATUS', 'WHO', 'WHAT', ''], rows, page)
  if (holds.length === 0) return train
  const held = holds.map(({ target, who, why, since, until }) => [
    cell(target),
    cell(who),
    cell(ago(since, page.now)),
    cell(until === null ? 'released by hand' : stamp(until)),
    cell(why),
  ])
  return [...train, '', ...table(['HELD', 'BY', 'SINCE', 'UNTIL', 'WHY'], held, page)]
}
