/**
 * What went wrong, as data: it is written to the ledger and read after a crash, by people and programs alike.
 * `what` says what happened, `where` names the place (file:line, host, command), `now` what to do next.
 */
export type Trouble = Readonly<{
  what: string
  now: string
  where?: string
  host?: string
  exit?: number
  /** The host could not be heard: nobody knows how far it got. It is fenced and healed, not retried for ever. */
  lost?: true
  /** The last lines the command or the app printed, oldest first, secrets masked. */
  tail?: readonly string[]
}>

/** The one error people see: everything else that is thrown is a bug and says so. */
export class TroubleError extends Error {
  readonly trouble: Trouble

  constructor(trouble: Trouble, options?: ErrorOptions) {
    super(trouble.what, options)
    this.name = 'TroubleError'
    this.trouble = trouble
  }
}

/** What is asked for is right, and cannot be had before something else has ended. */
export class NotNowError extends TroubleError {}

/** The trouble inside anything thrown; an unexpected error becomes a trouble that admits to being a bug. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof TroubleError) return thrown.trouble
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const at = error.stack?.split('\n')[1]?.trim()
  return {
    what: `a bug in tandem: ${error.message}`,
    ...(at === undefined ? {} : { where: at }),
    now: 'run `tandem show` for the state of the change; please report this with the line above',
  }
}
