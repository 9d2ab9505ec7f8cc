import { NotNowError, type Trouble, TroubleError } from '../change/trouble.ts'

/** 400 wrong usage, 401 who are you, 403 not you, 404 no such thing, 409 not now, 429 slow down, 500 our fault. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 429 | 500

/** A trouble that knows its HTTP status: thrown by routes, and again by the client at the other end of the wire. */
export class RefusedError extends TroubleError {
  readonly status: RefusalStatus

  constructor(status: RefusalStatus, trouble: Trouble, options?: ErrorOptions) {
    super(trouble, options)
    this.name = 'RefusedError'
    this.status = status
  }
}

/** Gives the troubles that `ask` throws this status, or 409 where they will pass; bugs stay bugs. */
export async function orRefuse<T>(status: RefusalStatus, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (thrown) {
    if (thrown instanceof RefusedError || !(thrown instanceof TroubleError)) throw thrown
    throw new RefusedError(thrown instanceof NotNowError ? 409 : status, thrown.trouble, { cause: thrown })
  }
}
