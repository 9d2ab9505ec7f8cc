/** A release by its commit where there is one, else by the hash of its bytes; both short. */
export function releaseWords(commit: string | null, release: string | null): string {
  const name = commit ?? release
  return name === null ? 'none' : name.slice(0, 7)
}
