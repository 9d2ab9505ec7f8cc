import { useEffect } from 'preact/hooks'
import type { HostDrift, HostView } from '../../api/wire/wire.ts'
import { troubleIfRefused } from '../api.ts'
import { DriftFindings, Unmanaged } from '../parts/hosts/drift-findings.tsx'
import { HealthNote } from '../parts/hosts/health-note.tsx'
import { HostActions } from '../parts/hosts/host-actions.tsx'
import { HostFacts } from '../parts/hosts/host-facts.tsx'
import { HostHistory } from '../parts/hosts/host-history.tsx'
import { MendButton } from '../parts/hosts/host-table.tsx'
import { HostTags } from '../parts/hosts/host-tags.tsx'
import { useHub, useModel } from '../parts/hub.ts'
import { ChangeLink, Link } from '../parts/link.tsx'
import { PageHead } from '../parts/frame/page-head.tsx'
import { TroubleView } from '../parts/trouble-view.tsx'
import { type Look, useLook } from '../parts/hosts/use-look.ts'
import { usePageTitle } from '../parts/frame/use-title.ts'
import { When } from '../parts/when.tsx'
import { hasRecipe } from '../state/host-health.ts'
import { hostGraphsAddress } from '../state/metrics/route.ts'

/** One host: how it stands beside its recipes, what is known of it, and what was done to it. */
export function HostPage({ name }: Readonly<{ name: string }>) {
  const isKnown = useModel(({ status }) => status !== null)
  const host = useModel(({ status }) => status?.hosts.find((one) => one.host === name) ?? null)
  usePageTitle(name)
  return (
    <article class="change host-page">
      <p class="crumb">
        <Link to="/hosts">Hosts</Link> <span aria-hidden="true">/</span> {name}
      </p>
      {isKnown && host === null && (
        <>
          <PageHead title={`There is no host ${name}`} />
          <p>
            Hosts are written in <code>tandem.ts</code>. The <Link to="/hosts">hosts</Link> page shows those
            there are.
          </p>
        </>
      )}
      {host !== null && <Whole host={host} />}
    </article>
  )
}

function Whole({ host }: Readonly<{ host: HostView }>) {
  const look = useLook([host.host])
  const drift = useDrift(host)
  const recipes = useModel(({ status }) => status?.hub.recipes ?? null)
  const isManaged = hasRecipe(host, recipes ?? [])
  return (
    <>
      <PageHead title={host.host}>
        {isManaged && (
          <div class="actions">
            <MendButton host={host} />
            <HostActions on={[host.host]} name={host.host} look={look} />
          </div>
        )}
      </PageHead>
      <p class="host-line">
        <code>{host.address}</code> <HostTags host={host} />{' '}
        <Link to={hostGraphsAddress(host.host)}>graphs</Link>
      </p>
      <p class="change-status" role="status">
        <HealthNote host={host} />
        {host.applied !== null && (
          <span class="quiet">
            last change <ChangeLink id={host.applied.change} /> by {host.applied.who},{' '}
            <When at={host.applied.at} />
          </span>
        )}
      </p>
      {isManaged && <Differences drift={drift} look={look} />}
      <HostFacts name={host.host} />
      <HostHistory name={host.host} />
    </>
  )
}

function Differences({ drift, look }: Readonly<{ drift: HostDrift | null; look: Look }>) {
  return (
    <section aria-labelledby="drift">
      <h2 id="drift">Beside its recipes</h2>
      {look.asked.type === 'refused' && <TroubleView trouble={look.asked.trouble} />}
      <p class="quiet">{driftWords(drift)}</p>
      {drift !== null && <DriftFindings drift={drift} />}
      {drift !== null && <Unmanaged drift={drift} />}
    </section>
  )
}

function driftWords(drift: HostDrift | null): string {
  if (drift === null) return 'Nobody has looked at it yet.'
  if (drift.away !== null) return `It could not be looked at: ${drift.away}.`
  if (drift.findings.length === 0) return `All ${drift.resources} resources are as they should be.`
  return `${drift.findings.length} of ${drift.resources} resources differ.`
}

/** What was found on a host, asked for anew when the status tells of a later look. */
function useDrift({ host, drift }: HostView): HostDrift | null {
  const { api, store } = useHub()
  const found = useModel((model) => model.drift.get(host) ?? null)
  const at = drift?.at ?? null
  useEffect(() => {
    const known = store.read().drift.get(host)
    if (at === null || (known !== undefined && known.at >= at)) return
    // The row of the host says how many differ, whether or not the findings can be loaded.
    api.lastDrift().then(({ hosts }) => store.tell({ type: 'drift came', hosts }), troubleIfRefused)
  }, [api, store, host, at])
  return found
}
