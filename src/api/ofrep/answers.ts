import type { Resolution } from '../../../sdk/evaluate/outcome.ts'
import type { Json } from '../../../sdk/flag/flag.ts'

/** An answer in the words of the protocol. Without a value the program's own default holds, and that is no failure. */
export type Evaluation = Readonly<{
  key: string
  reason: string
  value?: Json
  variant?: string
  metadata?: Readonly<Record<string, string>>
}>

export type Failure = Readonly<{ key: string; errorCode: string; errorDetails?: string }>

export function evaluationOf(key: string, resolution: Resolution): Evaluation | Failure {
  const { value, variant, reason, rule, errorCode, errorMessage } = resolution
  if (errorCode !== undefined)
    return { key, errorCode, ...(errorMessage !== undefined && { errorDetails: errorMessage }) }
  return {
    key,
    reason,
    ...(value !== undefined && { value }),
    ...(variant !== undefined && { variant }),
    ...(rule !== undefined && { metadata: { rule } }),
  }
}

/** The status of an answer for one flag. */
export function statusOf(answer: Evaluation | Failure): 200 | 400 | 404 {
  if (!('errorCode' in answer)) return 200
  return answer.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400
}
