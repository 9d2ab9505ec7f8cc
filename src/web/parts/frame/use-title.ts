import { useEffect } from 'preact/hooks'
import { newestFirst } from '../../state/model.ts'
import { pageTitle } from '../../words/title-words.ts'
import { useModel } from '../hub.ts'

/** The title of the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title
  }, [title])
}

/** The title of a page that is not about one change: what runs now comes first. */
export function usePageTitle(name: string): void {
  const title = useModel((model) =>
    pageTitle(name, model.status?.hub.project ?? '', newestFirst(model, null)),
  )
  useTitle(title)
}
