export type Act =
  | Readonly<{ type: 'go'; to: string }>
  | Readonly<{ type: 'filter' }>
  | Readonly<{ type: 'explain' }>

/** The first key of a pair stays good for this long. */
export const pairMs = 1_500

export type Pending = Readonly<{ key: 'g'; at: number }> | null

/** Every shortcut, as the help shows it. */
export const shortcuts: readonly Readonly<{ keys: readonly string[]; does: string }>[] = [
  { keys: ['g', 't'], does: 'go to the timeline' },
  { keys: ['g', 'c'], does: 'go to the code' },
  { keys: ['g', 'r'], does: 'go to the runs' },
  { keys: ['g', 'n'], does: 'go to the train' },
  { keys: ['g', 'f'], does: 'go to the flags' },
  { keys: ['g', 'a'], does: 'go to the apps' },
  { keys: ['g', 'h'], does: 'go to the hosts' },
  { keys: ['g', 'm'], does: 'go to the graphs' },
  { keys: ['w'], does: 'on graphs: show the same time last week, pale' },
  { keys: ['/'], does: 'filter what is listed' },
  { keys: ['?'], does: 'show these keys' },
  { keys: ['Esc'], does: 'close a dialog' },
]

const places: Readonly<Record<string, string>> = {
  t: '/',
  c: '/repos',
  r: '/runs',
  n: '/train',
  f: '/flags',
  a: '/apps',
  h: '/hosts',
  m: '/graphs',
}

/** What a key means after the one before it. */
export function press(
  pending: Pending,
  key: string,
  at: number,
): Readonly<{ pending: Pending; act: Act | null }> {
  const place = places[key]
  if (pending !== null && at - pending.at <= pairMs && place !== undefined)
    return { pending: null, act: { type: 'go', to: place } }
  if (key === 'g') return { pending: { key: 'g', at }, act: null }
  if (key === '/') return { pending: null, act: { type: 'filter' } }
  if (key === '?') return { pending: null, act: { type: 'explain' } }
  return { pending: null, act: null }
}
