import { useEffect, useMemo, useRef } from 'preact/hooks'
import { plainText } from '../../state/code/plain-text.ts'

type Source = Readonly<{
  text: string
  name: string
  /** The line that the address names. */
  line: number | null
  onLine: (line: number) => void
}>

/** A file with its line numbers: two texts beside each other, so that a long file costs no more than a short one. */
export function SourceView({ text, name, line, onLine }: Source) {
  const marked = useRef<HTMLDivElement>(null)
  const { shown, numbers, lines } = useMemo(() => {
    const whole = plainText(text.replaceAll('\r\n', '\n').replace(/\n$/, ''))
    const many = whole.split('\n').length
    return { shown: whole, lines: many, numbers: numbersTo(many) }
  }, [text])
  useEffect(() => marked.current?.scrollIntoView({ block: 'center' }), [line])
  if (text === '') return <p class="quiet">This file is empty.</p>
  const pick = (event: MouseEvent) => {
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    onLine(Math.min(lines, 1 + Math.floor(((event.clientY - top) / height) * lines)))
  }
  return (
    <div class="source" tabIndex={0} role="region" aria-label={name}>
      {line !== null && line <= lines && (
        <div ref={marked} class="source-mark" style={{ top: `calc(${line - 1} * 1lh)` }} aria-hidden="true" />
      )}
      <pre class="source-numbers" aria-hidden="true" onClick={pick}>
        {numbers}
      </pre>
      <pre class="source-text">{shown}</pre>
    </div>
  )
}

const numbersTo = (lines: number): string => Array.from({ length: lines }, (_, nth) => nth + 1).join('\n')
