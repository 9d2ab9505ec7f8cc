import { type Paint, paintFor } from '../../words/paint.ts'
import type { World } from '../world.ts'

/** What is written on: how wide it is, whether it has colours, and what time it is. */
export type Page = Readonly<{ columns: number; paint: Paint; now: number }>

export function pageOf(world: World): Page {
  const screen = world.screen()
  return { columns: screen.columns, paint: paintFor(screen), now: world.now() }
}
