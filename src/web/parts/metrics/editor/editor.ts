import { autocompletion, closeBrackets, completionKeymap, completionStatus } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands'
import { bracketMatching } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { PromQLExtension } from '@prometheus-io/codemirror-promql'
import { look } from './look.ts'

export type EditorWish = Readonly<{
  text: string
  fetch: typeof fetch
  onChange: (text: string) => void
  onRun: () => void
}>

/** An editor in a box of the page: lives until it is ended. */
export type Editor = Readonly<{ write: (text: string) => void; end: () => void }>

/**
 * Makes an editor for PromQL. It lies in a shadow tree: only there its styles need no `<style>` element, which the hub's
 * policy refuses.
 */
export function makeEditor(box: HTMLElement, wish: EditorWish): Editor {
  const root = box.shadowRoot ?? box.attachShadow({ mode: 'open' })
  const view = new EditorView({ root, parent: root, state: stateOf(wish) })
  return {
    write: (text) => {
      const { doc } = view.state
      if (doc.toString() !== text) view.dispatch({ changes: { from: 0, to: doc.length, insert: text } })
    },
    end: () => view.destroy(),
  }
}

function stateOf({ text, fetch, onChange, onRun }: EditorWish): EditorState {
  const promql = new PromQLExtension()
    .activateLinter(true)
    .setComplete({ remote: { url: '', httpMethod: 'GET', fetchFn: (asked, how) => fetch(asked, how) } })
  const run = (view: EditorView): boolean => {
    // Enter takes what is offered first.
    if (completionStatus(view.state) === 'active') return false
    onRun()
    return true
  }
  return EditorState.create({
    doc: text,
    extensions: [
      history(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      promql.asExtension(),
      look,
      placeholder('PromQL: rate(node_cpu_seconds_total[5m])'),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'PromQL', spellcheck: 'false' }),
      Prec.high(keymap.of([{ key: 'Enter', run, shift: insertNewlineAndIndent }])),
      keymap.of([...completionKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString())
      }),
    ],
  })
}
