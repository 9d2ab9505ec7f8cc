import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { LastChange } from '../../parts/metrics/last-change.tsx'
import { useLastOfAll } from '../../parts/metrics/use-last-change.ts'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import {
  appGraphsAddress,
  exploreAddress,
  frontGraphsAddress,
  hostGraphsAddress,
  ownGraphsAddress,
} from '../../state/metrics/route.ts'

/** Everything that has graphs: there is a page for each without anybody having made one. */
export function GraphsPage() {
  const { api } = useHub()
  const apps = useModel(({ status }) => status?.apps ?? null)
  const hosts = useModel(({ status }) => status?.hosts ?? null)
  const own = useLoaded('pages', 0, () => api.graphPages())
  usePageTitle('Graphs')
  const fronts = new Set((apps ?? []).flatMap((app) => app.hosts.map(({ host }) => host)))
  return (
    <>
      <PageHead title="Graphs">
        <div class="actions">
          <Link to={exploreAddress('')} class="button">
            Explore
          </Link>
        </div>
      </PageHead>
      <LastChange id={useLastOfAll()} />
      <div class="graph-rooms">
        <Room
          title="Own pages"
          nothing="None yet: write them in tandem.ts, under metrics.pages."
          places={(own.answer?.pages ?? []).map(({ name, title }) => ({
            to: ownGraphsAddress(name),
            name: title,
          }))}
        />
        <Room
          title="Apps"
          nothing="No app is deployed by Tandem yet."
          places={(apps ?? []).map(({ app, environment, target }) => ({
            to: appGraphsAddress(target),
            name: app,
            tag: environment,
          }))}
        />
        <Room
          title="Hosts"
          nothing="There are no hosts yet."
          places={(hosts ?? []).map(({ host }) => ({ to: hostGraphsAddress(host), name: host }))}
        />
        <Room
          title="Fronts"
          nothing="No host has a front yet."
          places={[...fronts].toSorted().map((host) => ({ to: frontGraphsAddress(host), name: host }))}
        />
        <Room title="Tandem" nothing="" places={[{ to: '/graphs/hub', name: 'hub' }]} />
      </div>
    </>
  )
}

type RoomOf = Readonly<{
  title: string
  nothing: string
  places: readonly Readonly<{ to: string; name: string; tag?: string }>[]
}>

function Room({ title, nothing, places }: RoomOf) {
  return (
    <section aria-label={title} class="graph-room">
      <h2>{title}</h2>
      {places.length === 0 && <p class="quiet">{nothing}</p>}
      <ul>
        {places.map(({ to, name, tag }) => (
          <li key={to}>
            <Link to={to}>{name}</Link> {tag !== undefined && <span class="tag">{tag}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
