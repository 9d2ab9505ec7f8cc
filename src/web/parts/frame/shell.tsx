import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Route } from '../../state/route.ts'
import { useHub, useModel } from '../hub.ts'
import { DifferingCount } from '../hosts/differing-count.tsx'
import { HearingNote } from './hearing-note.tsx'
import { KeysDialog } from './keys-dialog.tsx'
import { Link } from '../link.tsx'
import { Mark } from './mark.tsx'
import { projectWords } from '../../words/project-words.ts'
import { StatusTrouble } from './status-trouble.tsx'
import { useShortcuts } from './use-shortcuts.ts'

const places = [
  { page: 'timeline', to: '/', name: 'Timeline' },
  { page: 'repos', to: '/repos', name: 'Code' },
  { page: 'runs', to: '/runs', name: 'Runs' },
  { page: 'train', to: '/train', name: 'Train' },
  { page: 'flags', to: '/flags', name: 'Flags' },
  { page: 'apps', to: '/apps', name: 'Apps' },
  { page: 'hosts', to: '/hosts', name: 'Hosts' },
  { page: 'graphs', to: '/graphs', name: 'Graphs' },
] as const

/** What stands around every page once somebody is signed in. */
export function Shell({ route, children }: Readonly<{ route: Route; children: ComponentChildren }>) {
  const [isExplaining, explain] = useState(false)
  const said = useModel((model) => model.said)
  const project = useModel((model) => model.status?.hub.project ?? '')
  useShortcuts(() => explain(true))
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <Link to="/" class="brand">
          <Mark />
          <span>Tandem</span>
          {project !== '' && (
            <span class="project" title={project}>
              {projectWords(project)}
            </span>
          )}
        </Link>
        <nav aria-label="pages">
          {places.map(({ page, to, name }) => (
            <a key={page} href={to} aria-current={isCurrent(route, page) ? 'page' : undefined}>
              {name}
              {page === 'hosts' && <DifferingCount />}
            </a>
          ))}
        </nav>
        <Person onExplain={() => explain(true)} />
      </header>
      <HearingNote />
      <main id="content" tabIndex={-1}>
        <StatusTrouble />
        {children}
      </main>
      <p class="unseen" aria-live="polite" role="status">
        {said}
      </p>
      {isExplaining && <KeysDialog onClose={() => explain(false)} />}
    </>
  )
}

const isCurrent = (route: Route, place: string): boolean => placeOf(route) === place

/** Which of the places a page belongs to. */
function placeOf({ page }: Route): string {
  switch (page) {
    case 'change':
      return 'timeline'
    case 'host':
      return 'hosts'
    case 'run':
      return 'runs'
    case 'flag':
    case 'segments':
      return 'flags'
    case 'graphs of app':
    case 'graphs of host':
    case 'graphs of front':
    case 'graphs of hub':
    case 'own graphs':
    case 'explore':
      return 'graphs'
    case 'tree':
    case 'file':
    case 'blame':
    case 'commits':
    case 'commit':
    case 'refs':
    case 'repo runs':
    case 'tests':
      return 'repos'
    case 'timeline':
    case 'apps':
    case 'hosts':
    case 'repos':
    case 'runs':
    case 'train':
    case 'flags':
    case 'graphs':
    case 'login':
    case 'nowhere':
      return page
  }
}

function Person({ onExplain }: Readonly<{ onExplain: () => void }>) {
  const { api, store } = useHub()
  const name = useModel((model) => model.me?.name ?? '')
  const leave = () => api.signOut().finally(() => store.tell({ type: 'signed out' }))
  return (
    <div class="person">
      <span class="person-name" title={`signed in as ${name}`}>
        {name}
      </span>
      <button type="button" class="plain keys-button" aria-label="keyboard shortcuts" onClick={onExplain}>
        ?
      </button>
      <button type="button" class="plain" onClick={() => void leave()}>
        Sign out
      </button>
    </div>
  )
}
