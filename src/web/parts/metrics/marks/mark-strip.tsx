import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { MarkView } from '../../../../api/wire/marks.ts'
import { groupsOf, keyOfMark, type MarkGroup } from '../../../state/metrics/marks.ts'
import type { Span } from '../../../state/metrics/span.ts'
import { groupWords } from '../../../words/metrics/mark-words.ts'
import { MarkCard } from './mark-card.tsx'

/** As wide as the axes of the plot below, which it stands above (`axisPx` there). */
const axisPx = 58
const rightPx = 12
const apartPx = 15

type Strip = Readonly<{ marks: readonly MarkView[]; span: Span; widthPx: number; isTwoSided: boolean }>
type Open = Readonly<{ key: string; isPinned: boolean }> | null

/**
 * The marks of a graph, along its top. What lies too close is one mark with a number, which opens to all of them. One of
 * them is reached by Tab, the others from there by arrows.
 */
export function MarkStrip({ marks, span, widthPx, isTwoSided }: Strip) {
  const [open, setOpen] = useState<Open>(null)
  const [current, setCurrent] = useState(0)
  const inside = widthPx - axisPx - (isTwoSided ? axisPx : rightPx)
  const groups = useMemo(
    () => (inside > 0 ? groupsOf(marks, span, { widthPx: inside, apartPx }) : []),
    [marks, span, inside],
  )
  const strip = useRef<HTMLDivElement>(null)
  useClosing(strip, open !== null, () => setOpen(null))
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return setOpen(null)
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -groups.length, End: groups.length }[event.key]
    if (by === undefined || !(event.target instanceof Element) || event.target.closest('.mark-card') !== null)
      return
    event.preventDefault()
    const next = Math.min(Math.max(current + by, 0), groups.length - 1)
    setCurrent(next)
    strip.current?.querySelectorAll<HTMLElement>('.graph-mark')[next]?.focus()
  }
  const shown = groups.find(({ key }) => key === open?.key)
  return (
    <div
      ref={strip}
      class="mark-strip"
      role="toolbar"
      aria-label={`${marks.length} ${marks.length === 1 ? 'change' : 'changes'} in this time`}
      style={{ marginLeft: `${axisPx}px`, width: `${Math.max(inside, 0)}px` }}
      onKeyDown={onKey}
      onMouseLeave={() => open?.isPinned === false && setOpen(null)}
    >
      {groups.map((group, nth) => (
        <GroupMark
          key={group.key}
          group={group}
          isCurrent={nth === Math.min(current, groups.length - 1)}
          isOpen={open?.key === group.key}
          onLook={() => open?.isPinned !== true && setOpen({ key: group.key, isPinned: false })}
          onFocus={() => setCurrent(nth)}
          onPin={() =>
            setOpen(
              open?.isPinned === true && open.key === group.key ? null : { key: group.key, isPinned: true },
            )
          }
        />
      ))}
      {shown !== undefined && open !== null && <MarkCard group={shown} isPinned={open.isPinned} />}
    </div>
  )
}

type Grouped = Readonly<{
  group: MarkGroup
  isCurrent: boolean
  isOpen: boolean
  onLook: () => void
  onFocus: () => void
  onPin: () => void
}>

function GroupMark({ group, isCurrent, isOpen, onLook, onFocus, onPin }: Grouped) {
  const [first] = group.marks
  const look = {
    class: `graph-mark kind-${group.kind} ${group.isHollow ? 'hollow' : ''} ${isOpen ? 'open' : ''}`,
    style: { left: `${(group.at * 100).toFixed(3)}%` },
    tabIndex: isCurrent ? 0 : -1,
    'aria-label': groupWords(group),
    onMouseEnter: onLook,
    onFocus: () => {
      onFocus()
      onLook()
    },
  }
  if (group.marks.length === 1 && first?.type === 'change')
    return <a href={`/changes/${first.id}`} data-marks={first.id} {...look} />
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      data-marks={group.marks.map(keyOfMark).join(' ')}
      onClick={onPin}
      {...look}
    >
      {group.marks.length > 1 ? group.marks.length : ''}
    </button>
  )
}

/** A press anywhere else closes what is open. */
function useClosing(box: { current: HTMLElement | null }, isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return
    const onPress = (event: MouseEvent) => {
      if (!(event.target instanceof Node) || box.current?.contains(event.target) !== true) close()
    }
    document.addEventListener('mousedown', onPress)
    return () => document.removeEventListener('mousedown', onPress)
  }, [isOpen])
}
