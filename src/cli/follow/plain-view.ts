import { planOf } from '../../change/undo.ts'
import { endText } from '../../words/end.ts'
import { makeTeller } from '../text/lines.ts'
import { paintFor, tame } from '../../words/paint.ts'
import { clock } from '../../words/time.ts'
import type { World } from '../world.ts'
import type { View } from './view.ts'

/** One line for each thing that happens: for pipes, files and the logs of other programs. */
export function plainView(world: World, isChatty: boolean): View {
  const paint = paintFor(world.screen())
  const tell = makeTeller(paint)
  let saidLast: string | null = null
  const say = (text: string) => world.out(`${paint.dim(clock(world.now()))}  ${text}`)
  return {
    entry: (entry) => world.out(tell(entry)),
    log: (line) => {
      if (isChatty)
        world.out(`${paint.dim(clock(line.at))}  ${line.host ?? ''} ${paint.dim('│')} ${tame(line.text)}`)
    },
    waits: (text) => {
      const words = text?.replace(/ for [\d.]+ \S+( \d+ \S+)?/, '') ?? null
      if (text !== null && words !== saidLast) say(text)
      saidLast = words
    },
    say,
    end: (change, entries) => world.out(endText(change, planOf(entries), paint)),
    close: () => {},
  }
}
