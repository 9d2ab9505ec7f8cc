import type { ChangeView, HubEvent } from '../../api/wire/wire.ts'
import type { Entry } from '../../change/entry.ts'

export type LogLine = Extract<HubEvent, { type: 'log' }>['line']

/** How a change that is being followed is shown. */
export type View = Readonly<{
  entry: (entry: Entry, change: ChangeView) => void
  log: (line: LogLine) => void
  /** Why it waits in line; `null` once it does not. */
  waits: (text: string | null) => void
  /** A word from the command itself. */
  say: (text: string) => void
  /** The change is over, or is followed no longer. */
  end: (change: ChangeView, entries: readonly Entry[]) => void
  close: () => void
}>
