/** An artifact as it lies on the disk of the hub. */
export type Stored = Readonly<{ release: string; bytes: number; usedAt: number }>

/** Artifacts that nobody needs are kept for `ageMs` since they were used last, and while all fit into `bytes`. */
export type KeptLimits = Readonly<{ ageMs: number; bytes: number }>

/** Why an artifact is kept. `until` is when it goes, unless it is used before; null = it goes only when `why` does. */
export type Kept = Stored & Readonly<{ why: readonly string[]; until: number | null }>

/** What was made or used a moment ago may be about to be written down by somebody. */
const freshMs = 3_600_000

/**
 * Which artifacts stay, and which may go. What is needed (why, by release) and what is fresh stays however much it is;
 * of the others those that were used last stay, within the limits.
 */
export function whatGoes(
  stored: readonly Stored[],
  needed: ReadonlyMap<string, readonly string[]>,
  { limits, now }: Readonly<{ limits: KeptLimits; now: number }>,
): Readonly<{ kept: readonly Kept[]; going: readonly Stored[] }> {
  const isFresh = ({ usedAt }: Stored): boolean => now - usedAt < freshMs
  const isHeld = (one: Stored): boolean => needed.has(one.release) || isFresh(one)
  const spare = stored.filter((one) => !isHeld(one)).toSorted((a, b) => b.usedAt - a.usedAt)
  let bytes = stored.filter(isHeld).reduce((sum, one) => sum + one.bytes, 0)
  const stays = new Set<Stored>()
  for (const one of spare) {
    bytes += one.bytes
    if (bytes > limits.bytes || now - one.usedAt > limits.ageMs) break
    stays.add(one)
  }
  const kept = stored.flatMap((one): readonly Kept[] => {
    const why = needed.get(one.release)
    if (why !== undefined) return [{ ...one, why, until: null }]
    return isFresh(one) || stays.has(one) ? [{ ...one, why: [], until: one.usedAt + limits.ageMs }] : []
  })
  return { kept, going: spare.filter((one) => !stays.has(one)) }
}
