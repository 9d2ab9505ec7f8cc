import { useState } from 'preact/hooks'
import type { FlagRoutes, SegmentView } from '../../../api/wire/flags.ts'
import { conditionText } from '../../../words/flag.ts'
import { EnvironmentChoice } from '../../parts/flags/environment-choice.tsx'
import { FlagTabs } from '../../parts/flags/flag-tabs.tsx'
import { SegmentDialog } from '../../parts/flags/segment-dialog.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { When } from '../../parts/when.tsx'
import { plainText } from '../../state/code/plain-text.ts'
import { flagAddress, segmentsAddress } from '../../state/flags/route.ts'
import { usersOf } from '../../state/flags/users-of.ts'

type Found = FlagRoutes['GET /api/flags']

/** The named groups of people of an environment: who belongs to them, and which flags name them. */
export function SegmentsPage({ environment }: Readonly<{ environment: string | null }>) {
  const { api } = useHub()
  const news = useModel(({ flagNews }) => flagNews)
  const found = useLoaded(environment ?? '', news, () => api.flags(environment))
  usePageTitle('Segments')
  return <Loading of={found}>{(answer) => <Whole found={answer} />}</Loading>
}

function Whole({ found }: Readonly<{ found: Found }>) {
  const { go } = useHub()
  const may = useModel((model) => model.me?.may ?? 'look')
  const [asking, ask] = useState<SegmentView | 'new' | null>(null)
  const { environment, environments, segments } = found
  return (
    <>
      <PageHead title="Flags">
        {may === 'everything' && (
          <div class="actions">
            <button type="button" onClick={() => ask('new')}>
              New segment …
            </button>
          </div>
        )}
      </PageHead>
      <FlagTabs environment={environment} chosen="segments" />
      <search class="filter">
        <EnvironmentChoice
          chosen={environment}
          all={environments}
          onChoose={(next) => go(segmentsAddress(next), 'replace')}
        />
      </search>
      {segments.length === 0 && (
        <p class="quiet">There is no segment in {environment} yet: a group of people that rules can name.</p>
      )}
      <ol class="rows" aria-label={`segments of ${environment}`}>
        {segments.map((view) => (
          <SegmentRow
            key={view.key}
            view={view}
            found={found}
            onEdit={may === 'everything' ? () => ask(view) : null}
          />
        ))}
      </ol>
      {asking !== null && (
        <SegmentDialog view={asking === 'new' ? null : asking} found={found} onClose={() => ask(null)} />
      )}
    </>
  )
}

type Row = Readonly<{ view: SegmentView; found: Found; onEdit: (() => void) | null }>

function SegmentRow({ view, found, onEdit }: Row) {
  const { key, segment, who, at } = view
  const { include = [], exclude = [], when, about } = segment
  const users = usersOf(key, found)
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-title">
          <strong>{plainText(key)}</strong>
        </p>
        {about?.description !== undefined && <p class="row-why">{plainText(about.description)}</p>}
        <p class="row-why">
          {[
            ...(when === undefined ? [] : [plainText(conditionText(when))]),
            ...(include.length === 0 ? [] : [`always ${include.length} by name`]),
            ...(exclude.length === 0 ? [] : [`never ${exclude.length} by name`]),
          ].join('; ') || 'nobody belongs to it'}
        </p>
        <p class="row-why">
          {users.length === 0 ? 'no flag names it' : 'named by '}
          {users.map((flag) => (
            <span key={flag} class="flag-variant">
              <Link to={flagAddress(flag, found.environment)}>{plainText(flag)}</Link>
            </span>
          ))}
        </p>
      </div>
      <div class="row-side">
        {onEdit !== null && (
          <button type="button" class="row-button" onClick={onEdit}>
            Edit {plainText(key)} …
          </button>
        )}
        <p class="row-facts">
          <span>
            {who}, <When at={at} />
          </span>
        </p>
      </div>
    </li>
  )
}
