/** The question after a slip of the pen: `did you mean deploy?`; `null` when nothing is near. */
export async function meant(word: string, known: readonly string[]): Promise<string | null> {
  const { nearest } = await import('../config/mistakes/nearest.ts')
  const near = nearest(word, known)
  return near === null ? null : `did you mean ${near}?`
}
