import { type Trouble, TroubleError, troubleOf } from '../../change/trouble.ts'
import { RefusedError } from '../refused.ts'

const errorTypes = {
  400: 'bad_data',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'unavailable',
  429: 'unavailable',
  500: 'internal',
  503: 'unavailable',
} as const

type Said = Readonly<{ status: 'error'; errorType: string; error: string; trouble: Trouble }>

/** What is said instead of an answer: in the words of Prometheus, and in ours for our own commands. */
export function refusal(thrown: unknown): Readonly<{ status: keyof typeof errorTypes; said: Said }> {
  const trouble = troubleOf(thrown)
  const status = thrown instanceof RefusedError ? thrown.status : thrown instanceof TroubleError ? 503 : 500
  const error = `${trouble.what}: ${trouble.now}`
  return { status, said: { status: 'error', errorType: errorTypes[status], error, trouble } }
}
