import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', fontSize: '14px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { padding: '8px 4px', fontFamily: 'var(--mono)', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-placeholder': { color: 'var(--quiet)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 25%, transparent)',
  },
  '.cm-matchingBracket': { background: 'var(--sunken)', outline: '1px solid var(--edge-strong)' },
  '.cm-tooltip': {
    border: '1px solid var(--edge)',
    borderRadius: '7px',
    background: 'var(--ground)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '260px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.75' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-lintRange': { backgroundImage: 'none', textDecoration: 'underline wavy var(--care)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecorationColor: 'var(--bad)' },
  '.cm-lintRange-warning, .cm-lintRange-info, .cm-lintRange-hint, .cm-lintRange-active': {
    backgroundImage: 'none',
  },
})

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)' },
  { tag: [tags.function(tags.variableName), tags.operatorKeyword, tags.modifier], color: 'var(--accent)' },
  { tag: tags.labelName, color: 'var(--infra)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.integer, tags.float], color: 'var(--care)' },
  { tag: tags.comment, color: 'var(--quiet)' },
  { tag: tags.invalid, color: 'var(--bad)' },
])

/** The colours of the page, light and dark: what is written here follows the page's own. */
export const look = [theme, syntaxHighlighting(colours)]
