import type { Push, RefMove } from '../push.ts'

/** How many refs one push may move. */
export const mostMoves = 1_000
const mostOptions = 20

/** What a hook says before it listens. */
export type Head = Readonly<{ hook: 'pre-receive' | 'post-receive'; dir: string; push: Omit<Push, 'repo'> }>

/** Takes the lines of a head one by one; `read` is null until it is whole, and `bad` when it never will be. */
export type HeadReader = Readonly<{ line: (line: string) => Head | 'more' | 'bad' }>

const move = /^move ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (\S.*)$/

export function headReader(): HeadReader {
  const told = new Map<string, string>()
  const moves: RefMove[] = []
  const options: string[] = []
  let movesLeftOut = 0
  let isBegun = false
  return {
    line: (line) => {
      if (!isBegun) {
        isBegun = line === 'tandem-push 1'
        return isBegun ? 'more' : 'bad'
      }
      if (line === 'over') return headOf(told, { moves, movesLeftOut, options })
      const [, old = '', now = '', ref = ''] = move.exec(line) ?? []
      if (ref !== '') {
        if (moves.length < mostMoves) moves.push({ ref, from: hashOf(old), to: hashOf(now) })
        else movesLeftOut += 1
        return 'more'
      }
      const at = line.indexOf(' ')
      if (at <= 0) return 'bad'
      const [name, value] = [line.slice(0, at), line.slice(at + 1)]
      if (name !== 'option') told.set(name, value)
      else if (options.length < mostOptions) options.push(value)
      return 'more'
    },
  }
}

function headOf(
  told: ReadonlyMap<string, string>,
  rest: Pick<Push, 'moves' | 'movesLeftOut' | 'options'>,
): Head | 'bad' {
  const [hook, dir, who] = [told.get('hook'), told.get('repo'), told.get('who')]
  if ((hook !== 'pre-receive' && hook !== 'post-receive') || dir === undefined || who === undefined)
    return 'bad'
  const [quarantine = null, kept = null, exchange = null] = ['quarantine', 'kept', 'exchange'].map((name) =>
    told.get(name),
  )
  return { hook, dir, push: { who, ...rest, quarantine, kept, exchange } }
}

/** Zeros stand for a ref that was not there, or is not any more. */
const hashOf = (hash: string): string | null => (/^0+$/.test(hash) ? null : hash)
