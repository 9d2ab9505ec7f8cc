import type uPlot from 'uplot'
import type { MarkView } from '../../../../api/wire/marks.ts'
import { isHollow, kindOfMark, type MarkKind, timeOf, untilOf } from '../../../state/metrics/marks.ts'
import type { Span } from '../../../state/metrics/span.ts'
import type { Inks } from './inks.ts'

/** A line for each mark behind the numbers, dashed where it is not in force; a bar along the top for as long as it went on. */
export function drawMarks(u: uPlot, marks: readonly MarkView[], span: Span, inks: Inks): void {
  const { ctx, bbox } = u
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const [look, alike] of Map.groupBy(marks, lookOf)) {
    const [kind, hollow] = look.split(' ')
    ctx.strokeStyle = inks.kinds[kind as MarkKind]
    strokeAll(u, alike, span, hollow === 'hollow')
  }
  ctx.restore()
}

const lookOf = (mark: MarkView): string => `${kindOfMark(mark)} ${isHollow(mark) ? 'hollow' : 'full'}`

const shortestBarPx = 4

/** All of one look in one stroke: a thousand of them cost no more than one. */
function strokeAll(u: uPlot, marks: readonly MarkView[], span: Span, isDashed: boolean): void {
  const { ctx, bbox } = u
  const ratio = devicePixelRatio
  ctx.lineWidth = ratio
  ctx.globalAlpha = marks.length > 100 ? 0.3 : 0.6
  ctx.setLineDash(isDashed ? [3 * ratio, 3 * ratio] : [])
  ctx.beginPath()
  const taken = new Set<number>()
  for (const mark of marks) {
    const left = Math.round(u.valToPos(Math.max(timeOf(mark), span.fromMs), 'x', true)) + 0.5
    // A second line in the same place would show nothing that the first one does not.
    if (!taken.has(left)) {
      ctx.moveTo(left, bbox.top)
      ctx.lineTo(left, bbox.top + bbox.height)
    }
    taken.add(left)
    const right = u.valToPos(untilOf(mark) ?? timeOf(mark), 'x', true)
    if (right - left < shortestBarPx * ratio) continue
    ctx.moveTo(left, bbox.top + 1.5)
    ctx.lineTo(right, bbox.top + 1.5)
  }
  ctx.stroke()
}
