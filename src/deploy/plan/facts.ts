/** What a host said of itself before the plan. */
export type Facts = Readonly<{
  missing: readonly string[]
  /** What each slot was filled with, and the process that runs there (0: none). */
  slots: Readonly<Record<'a' | 'b', SlotFact | null>>
  live: 'a' | 'b' | null
  /** A switch that was neither confirmed nor taken back: an interrupted change. */
  isFlipping: boolean
  frontHash: string | null
  /** States by release (docs/formats/release.md). */
  releases: ReadonlyMap<string, string>
}>

export type SlotFact = Readonly<{ release: string; specHash: string; pid: number }>

/** Reads what facts.sh tells. Unknown words are skipped: an older host program may say less, a newer one more. */
export function readFacts(told: readonly string[]): Facts {
  const words = told.map((line) => line.split(' '))
  const one = (name: string): readonly string[] | undefined => words.find(([first]) => first === name)
  const slot = (name: string): SlotFact | null => {
    const found = words.find(([first, which]) => first === 'slot' && which === name)
    if (found === undefined) return null
    const [, , release = '', specHash = '', pid = '0'] = found
    return { release, specHash, pid: Number(pid) }
  }
  const live = one('live')?.[1]
  return {
    missing: words.flatMap(([first, what]) => (first === 'missing' && what !== undefined ? [what] : [])),
    slots: { a: slot('a'), b: slot('b') },
    live: live === 'a' || live === 'b' ? live : null,
    isFlipping: one('flip') !== undefined,
    frontHash: one('front')?.[1] ?? null,
    releases: new Map(
      words.flatMap(([first, id, state]) =>
        first === 'release' && id !== undefined ? [[id, state ?? ''] as const] : [],
      ),
    ),
  }
}

/** What takes traffic on this host now. */
export const liveOf = (facts: Facts): SlotFact | null =>
  facts.live === null ? null : facts.slots[facts.live]
