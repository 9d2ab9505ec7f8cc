import type { Json } from '../flag/flag.ts'

/** Why somebody got what they got, in the words of OpenFeature. */
export type Reason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'STALE' | 'ERROR'

export type ErrorCode = 'FLAG_NOT_FOUND' | 'PARSE_ERROR' | 'TYPE_MISMATCH' | 'PROVIDER_NOT_READY' | 'GENERAL'

/** What an evaluation came to. Without `value` the program's own default holds. Frozen, and the same object each time. */
export type Resolution = Readonly<{
  value?: Json
  variant?: string
  reason: Reason
  /** The id of the rule that decided. */
  rule?: string
  errorCode?: ErrorCode
  errorMessage?: string
}>

/**
 * One of the few things an evaluation of a flag can come to, made when the flag is compiled. `seen` counts how often it
 * did since it was last asked; a number there costs no allocation.
 */
export type Outcome = {
  readonly value: Json | undefined
  readonly variant: string | undefined
  readonly resolution: Resolution
  /** The same while what we know may be out of date. */
  readonly stale: Resolution
  seen: number
}

export function outcomeOf(resolution: Resolution): Outcome {
  const frozen: Resolution = deepFreeze({ ...resolution })
  return {
    value: frozen.value,
    variant: frozen.variant,
    resolution: frozen,
    stale: frozen.reason === 'ERROR' ? frozen : Object.freeze({ ...frozen, reason: 'STALE' }),
    seen: 0,
  }
}

export function failed(errorCode: ErrorCode, errorMessage: string): Outcome {
  return outcomeOf({ reason: 'ERROR', errorCode, errorMessage })
}

/** Values are handed out again and again, so nobody may change them. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
