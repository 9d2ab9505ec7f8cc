/** An id that nothing else has: lots are drawn by it, so it is by chance and stays. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(4))
  return `r${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
