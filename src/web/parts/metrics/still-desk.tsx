import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { bounded, type Span, stepOf } from '../../state/metrics/span.ts'
import { DeskContext, type Desk } from './desk.ts'
import { useMarks } from './use-marks.ts'

type Still = Readonly<{ span: Span; children: ComponentChildren }>

/** A desk for graphs within another page, whose address says nothing of time: they begin at this one. */
export function StillDesk({ span: first, children }: Still) {
  const [picked, pick] = useState<Span | null>(null)
  const { fromMs, toMs } = picked ?? first
  const span = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs])
  const marks = useMarks(span)
  const desk = useMemo<Desk>(
    () => ({
      span,
      stepMs: stepOf(span),
      liveMs: null,
      follow: () => pick(null),
      halt: () => {},
      show: (next) => pick(bounded(next)),
      lastWeek: false,
      setLastWeek: () => {},
      marks,
    }),
    [span, marks],
  )
  return (
    <DeskContext.Provider value={desk}>
      {children}
      {picked !== null && (
        <button type="button" class="plain" onClick={() => pick(null)}>
          Show all of it again
        </button>
      )}
    </DeskContext.Provider>
  )
}
