import type { Change } from '../../change/change.ts'

/**
 * The commit that a change brings to its target: what its plan says, or its order where it named a commit whole. Null for
 * a change that brings none.
 */
export function commitBrought({ plan, order }: Pick<Change, 'plan' | 'order'>): string | null {
  const { outcome } = plan ?? { outcome: null }
  const found = wordAt(outcome, 'commit') ?? wordAt(order.wish, 'ref') ?? wordAt(order.wish, 'commit')
  return found !== null && /^[0-9a-f]{40,64}$/.test(found) ? found : null
}

function wordAt(where: unknown, key: string): string | null {
  if (typeof where !== 'object' || where === null || !(key in where)) return null
  const found: unknown = Reflect.get(where, key)
  return typeof found === 'string' ? found : null
}
