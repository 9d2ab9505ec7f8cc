import { useEffect, useRef, useState } from 'preact/hooks'
import type { Editor } from './editor/editor.ts'

type Field = Readonly<{
  /** What was asked last: the editor takes it over when it becomes another. */
  asked: string
  text: string
  onChange: (text: string) => void
  onRun: () => void
}>

/** Where a query is written. The editor is loaded with the first of them; until then, and where it does not come, a plain field does. */
export function QueryField({ asked, text, onChange, onRun }: Field) {
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor | null>(null)
  const latest = useRef({ text, onChange, onRun })
  latest.current = { text, onChange, onRun }
  const [isThere, setThere] = useState(false)
  useEffect(() => {
    let isLeft = false
    const loaded = import('./editor/editor.ts').catch(() => null)
    void loaded.then((module) => {
      if (isLeft || box.current === null || module === null) return
      editor.current = module.makeEditor(box.current, {
        text: latest.current.text,
        fetch: (input, how) => fetch(input, how),
        onChange: (next) => latest.current.onChange(next),
        onRun: () => latest.current.onRun(),
      })
      setThere(true)
    })
    return () => {
      isLeft = true
      editor.current?.end()
    }
  }, [])
  // Not what is being typed: that comes from the editor, and would come back to it too late.
  useEffect(() => editor.current?.write(asked), [asked])
  return (
    <div class="query-field">
      <div class="editor" ref={box} />
      {!isThere && (
        <textarea
          aria-label="PromQL"
          rows={1}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </div>
  )
}
