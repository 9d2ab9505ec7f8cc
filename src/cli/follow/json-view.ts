import { exitCodeOf, isOver } from '../../change/status.ts'
import type { World } from '../world.ts'
import type { View } from './view.ts'

/** One JSON object per line: events as the hub tells them, and at the end how it ended. */
export function jsonView(world: World): View {
  const print = (value: unknown) => world.out(JSON.stringify(value))
  return {
    entry: (entry, change) => print({ type: 'entry', entry, change }),
    log: (line) => print({ type: 'log', line }),
    waits: () => {},
    say: (text) => print({ type: 'said', text }),
    end: (change) =>
      print({ type: 'end', change, exit: isOver(change.status) ? exitCodeOf(change.status) : null }),
    close: () => {},
  }
}
