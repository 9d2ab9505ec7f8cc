/** Counts failed logins per address and says who has to wait. Holds at most `addresses` of them. */
export type LoginLimit = Readonly<{
  /** Milliseconds this address has to wait before it may try again; 0 = it may now. */
  waitMs: (address: string, at: number) => number
  failed: (address: string, at: number) => void
}>

type Limits = Readonly<{ failures: number; perMs: number; addresses: number }>

export const loginLimits: Limits = { failures: 10, perMs: 60_000, addresses: 1_000 }

export function makeLoginLimit(limits: Limits = loginLimits): LoginLimit {
  const failures = new Map<string, Readonly<{ count: number; until: number }>>()
  return {
    waitMs: (address, at) => {
      const known = failures.get(address)
      if (known === undefined || known.until <= at || known.count < limits.failures) return 0
      return known.until - at
    },
    failed: (address, at) => {
      const known = failures.get(address)
      const isFresh = known !== undefined && known.until > at
      failures.delete(address)
      failures.set(address, {
        count: isFresh ? known.count + 1 : 1,
        until: isFresh ? known.until : at + limits.perMs,
      })
      const oldest = failures.keys().next()
      if (failures.size > limits.addresses && !oldest.done) failures.delete(oldest.value)
    },
  }
}
