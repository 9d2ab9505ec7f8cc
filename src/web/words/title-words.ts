import type { ChangeView } from '../../api/wire/wire.ts'
import { isOver } from '../../change/status.ts'
import { projectWords } from './project-words.ts'
import { wordOf } from './status-words.ts'

/** A change as the tab of the browser names it: `c12 running · shop`. */
export const changeTitle = (change: ChangeView): string =>
  `${change.id} ${wordOf(change)} · ${change.target.split('@')[0] ?? change.target}`

/** What a page is called while nothing runs; the newest open change takes its place. */
export function pageTitle(name: string, project: string, changes: readonly ChangeView[]): string {
  const open = changes.find((change) => !isOver(change.status))
  if (open !== undefined) return changeTitle(open)
  return [name, projectWords(project), 'Tandem'].filter((word) => word !== '').join(' · ')
}
