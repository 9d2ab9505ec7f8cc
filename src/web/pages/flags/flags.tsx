import { useState } from 'preact/hooks'
import type { EnvironmentUse } from '../../../api/wire/flag-use.ts'
import type { FlagRoutes, FlagView } from '../../../api/wire/flags.ts'
import { EnvironmentChoice } from '../../parts/flags/environment-choice.tsx'
import { FlagTabs } from '../../parts/flags/flag-tabs.tsx'
import { FlagRow } from '../../parts/flags/flag-row.tsx'
import { NewFlagDialog } from '../../parts/flags/new-flag-dialog.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { Loading } from '../../parts/loading.tsx'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { useEveryNow } from '../../parts/flags/use-every-now.ts'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useMore } from '../../parts/use-more.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { flagsAddress } from '../../state/flags/route.ts'
import { fits } from '../../words/flags/flag-words.ts'

type Asked = Readonly<{ environment: string | null; text: string }>
type Found = FlagRoutes['GET /api/flags']

const mostAtOnce = 100

/** Every flag of an environment: how it stands, and what programs get from it. */
export function FlagsPage({ environment, text }: Asked) {
  const { api } = useHub()
  const news = useModel(({ flagNews }) => flagNews)
  const flags = useLoaded(environment ?? '', news, () => api.flags(environment))
  usePageTitle('Flags')
  return (
    <>
      <PageHead title="Flags">
        <NewFlag found={flags.answer} />
      </PageHead>
      <Loading of={flags}>{(found) => <Whole found={found} text={text} />}</Loading>
    </>
  )
}

function NewFlag({ found }: Readonly<{ found: Found | null }>) {
  const may = useModel((model) => model.me?.may ?? 'look')
  const [isAsking, ask] = useState(false)
  if (found === null || may !== 'everything') return null
  return (
    <div class="actions">
      <button type="button" onClick={() => ask(true)}>
        New flag …
      </button>
      {isAsking && <NewFlagDialog found={found} onClose={() => ask(false)} />}
    </div>
  )
}

function Whole({ found, text }: Readonly<{ found: Found; text: string }>) {
  const { api, go } = useHub()
  const { environment, environments, flags } = found
  const beat = useEveryNow(10_000)
  const use = useLoaded(environment, beat, () => api.flagUse(environment))
  if (flags.length === 0 && environments.length < 2) return <NoFlags />
  const shown = flags.filter((view) => fits(view, text)).toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return (
    <>
      <FlagTabs environment={environment} chosen="flags" />
      <search class="filter">
        <EnvironmentChoice
          chosen={environment}
          all={environments}
          onChoose={(next) => go(flagsAddress(next, text), 'replace')}
        />
        <FilterField
          of="the flags"
          hint="Filter flags"
          text={text}
          onText={(next) => go(flagsAddress(environment, next), 'replace')}
        />
      </search>
      {shown.length === 0 && (
        <p class="quiet">
          {flags.length === 0 ? `There is no flag in ${environment} yet.` : 'None fits this filter.'}
        </p>
      )}
      <List key={`${environment} ${text}`} environment={environment} flags={shown} use={use.answer} />
    </>
  )
}

type Rows = Readonly<{ environment: string; flags: readonly FlagView[]; use: EnvironmentUse | null }>

function List({ environment, flags, use }: Rows) {
  const { shown, more } = useMore(flags, mostAtOnce)
  const used = new Map(use?.flags.map((each) => [each.flag, each]))
  return (
    <>
      <ol class="rows flags" aria-label={`flags of ${environment}`}>
        {shown.map((view) => (
          <FlagRow
            key={view.key}
            view={view}
            environment={environment}
            use={use === null ? null : used.get(view.key)}
          />
        ))}
      </ol>
      {more}
    </>
  )
}

function NoFlags() {
  return (
    <div class="nothing">
      <p>There is no flag yet.</p>
      <p class="quiet">
        It is made here, or by <code>tandem flag new new-checkout --why "…"</code>; programs ask for it with{' '}
        <code>@tandem/sdk</code> or any OpenFeature client.
      </p>
    </div>
  )
}
