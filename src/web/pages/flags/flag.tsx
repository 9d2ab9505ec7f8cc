import type { FlagRoutes, FlagView } from '../../../api/wire/flags.ts'
import { EnvironmentChoice } from '../../parts/flags/environment-choice.tsx'
import { ExplainForm } from '../../parts/flags/explain-form.tsx'
import { FlagActions } from '../../parts/flags/flag-actions.tsx'
import { FlagAbout } from '../../parts/flags/flag-about.tsx'
import { FlagHistory } from '../../parts/flags/flag-history.tsx'
import { FlagRules } from '../../parts/flags/flag-rules.tsx'
import { FlagUses } from '../../parts/flags/flag-uses.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { ChangeLink, Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { When } from '../../parts/when.tsx'
import { plainText } from '../../state/code/plain-text.ts'
import { flagAddress, flagsAddress } from '../../state/flags/route.ts'
import { stateOf } from '../../words/flags/flag-words.ts'

/** One flag of an environment: who gets what, why, since when, and how to make it another. */
export function FlagPage({ name, environment }: Readonly<{ name: string; environment: string | null }>) {
  const { api } = useHub()
  const news = useModel(({ flagNews, status }) => `${flagNews} ${status?.hub.entries ?? 0}`)
  const found = useLoaded(`${name} ${environment ?? ''}`, news, () => api.flag(name, environment))
  usePageTitle(name)
  return (
    <article class="change flag-page">
      <p class="crumb">
        <Link to={flagsAddress(environment, '')}>Flags</Link> <span aria-hidden="true">/</span>{' '}
        {plainText(name)}
      </p>
      <Loading of={found}>{(flag) => <Whole found={flag} />}</Loading>
    </article>
  )
}

function Whole({ found }: Readonly<{ found: FlagRoutes['GET /api/flags/:key'] }>) {
  const { environment, flag: view, history, rolling, looked } = found
  const { key } = view
  return (
    <>
      <PageHead title={plainText(key)}>
        <FlagActions view={view} environment={environment} rolling={rolling} />
      </PageHead>
      <Status view={view} environment={environment} />
      {rolling !== null && (
        <p class="flag-rolling tone-busy" role="status">
          It is being rolled out by <ChangeLink id={rolling} />. Its page shows how far it is; stopping it
          takes it back.
        </p>
      )}
      <FlagAbout view={view} looked={looked} />
      <FlagRules view={view} environment={environment} isFree={rolling === null} />
      <FlagUses flag={key} environment={environment} />
      <ExplainForm flag={key} environment={environment} rev={view.rev} />
      <FlagHistory ids={history} />
    </>
  )
}

function Status({ view, environment }: Readonly<{ view: FlagView; environment: string }>) {
  const { api, go } = useHub()
  const environments = useLoaded('environments', 0, () => api.flags(environment)).answer?.environments ?? [
    environment,
  ]
  const { word, tone } = stateOf(view.flag)
  return (
    <p class={`change-status tone-${tone}`} role="status">
      <span class="state-word flag-state">{word}</span>
      <EnvironmentChoice
        chosen={environment}
        all={environments}
        onChoose={(next) => go(flagAddress(view.key, next), 'replace')}
      />
      <span class="quiet">
        by <ChangeLink id={view.change} /> of {view.who}, <When at={view.at} />
      </span>
    </p>
  )
}
