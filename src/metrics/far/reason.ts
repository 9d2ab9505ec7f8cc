/** Why a request brought no answer, in words. `timeoutMs` where it was waited for so long, and no longer. */
export function reasonOf(thrown: unknown, timeoutMs: number | null): string {
  if (timeoutMs !== null) return `it did not answer within ${timeoutMs / 1000} s`
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const said = cause instanceof Error ? cause.message || code : String(cause)
  return `it cannot be reached: ${said || 'no reason given'}`
}
