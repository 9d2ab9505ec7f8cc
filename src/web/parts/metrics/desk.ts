import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { MarkRoutes } from '../../../api/wire/marks.ts'
import type { Trouble } from '../../../change/trouble.ts'
import type { Span } from '../../state/metrics/span.ts'

export type Marks = Readonly<{ found: MarkRoutes['GET /api/marks']; trouble: Trouble | null }>

/** What all graphs of a page share: the time they show, and what they mark. */
export type Desk = Readonly<{
  span: Span
  stepMs: number
  /** How much time is followed as it passes; null when the page stands still. */
  liveMs: number | null
  follow: (ms: number) => void
  /** Stands still where it is. */
  halt: () => void
  /** Shows another time, and stands still there. */
  show: (span: Span) => void
  lastWeek: boolean
  setLastWeek: (wanted: boolean) => void
  marks: Marks
}>

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (desk === null) throw new Error('no desk around this graph')
  return desk
}
