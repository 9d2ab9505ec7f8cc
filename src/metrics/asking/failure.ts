/** Why a question has no answer, in the words of Prometheus; `type` is what its API calls it. */
export class AskFailure extends Error {
  readonly type: 'bad_data' | 'not_found' | 'unavailable'

  constructor(type: AskFailure['type'], message: string) {
    super(message)
    this.name = 'AskFailure'
    this.type = type
  }
}

export function invalid(parameter: string, what: string): AskFailure {
  return new AskFailure('bad_data', `invalid parameter ${JSON.stringify(parameter)}: ${what}`)
}
