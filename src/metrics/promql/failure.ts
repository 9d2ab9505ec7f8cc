/** Why a query that could be read has no answer; `type` is what the API calls it. */
export class QueryFailure extends Error {
  readonly type: 'execution' | 'timeout' | 'canceled'

  constructor(type: QueryFailure['type'], message: string) {
    super(message)
    this.name = 'QueryFailure'
    this.type = type
  }
}

/** Of series that could not be told apart any more. */
export function sameLabels(): QueryFailure {
  return new QueryFailure('execution', 'vector cannot contain metrics with the same labelset')
}
