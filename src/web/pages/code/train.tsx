import { useState } from 'preact/hooks'
import type { HoldView, TrainPlace } from '../../../api/wire/code.ts'
import { ApplyCommit } from '../../parts/code/apply-commit.tsx'
import { CommitLink } from '../../parts/code/commit-link.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { ChangeLink, Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { HoldDialog } from '../../parts/train/hold-dialog.tsx'
import { HoldList } from '../../parts/train/hold-list.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { commitAddress, runAddress } from '../../state/code/route.ts'
import { trainMeanings, trainTones } from '../../words/code/code-words.ts'

/** What is on its way to where, what is held back, and why. */
export function TrainPage() {
  const { api } = useHub()
  const [own, again] = useState(0)
  const news = useModel(({ codeNews, status }) => `${codeNews} ${status?.hub.entries ?? 0}`)
  const train = useLoaded('train', `${own} ${news}`, () => api.train())
  usePageTitle('Train')
  return (
    <>
      <PageHead title="Train">
        <HoldButton onHeld={() => again(own + 1)} />
      </PageHead>
      <Loading of={train}>
        {({ places, holds }) => (
          <>
            <HoldList holds={holds} onReleased={() => again(own + 1)} />
            <Places places={places} holds={holds} />
          </>
        )}
      </Loading>
    </>
  )
}

function HoldButton({ onHeld }: Readonly<{ onHeld: () => void }>) {
  const may = useModel((model) => model.me?.may ?? 'look')
  const [isAsking, ask] = useState(false)
  if (may !== 'everything') return null
  return (
    <div class="actions">
      <button type="button" onClick={() => ask(true)}>
        Hold …
      </button>
      {isAsking && <HoldDialog onHeld={onHeld} onClose={() => ask(false)} />}
    </div>
  )
}

type Train = Readonly<{ places: readonly TrainPlace[]; holds: readonly HoldView[] }>

function Places({ places }: Train) {
  if (places.length === 0)
    return (
      <div class="nothing">
        <p>Nothing is on its way.</p>
        <p class="quiet">
          What is pushed and passes goes out by itself where <code>tandem.ts</code> says{' '}
          <code>deploy: 'on green'</code>.
        </p>
      </div>
    )
  return (
    <>
      {[...Map.groupBy(places, ({ target }) => target)].map(([target, own]) => (
        <section key={target} class="train" aria-label={`on its way to ${target}`}>
          <h2>{target}</h2>
          <ol class="rows">
            {own.map((place) => (
              <PlaceRow key={`${place.commit} ${place.run ?? ''}`} place={place} />
            ))}
          </ol>
        </section>
      ))}
    </>
  )
}

function PlaceRow({ place }: Readonly<{ place: TrainPlace }>) {
  const repo = useRepoOf(place)
  return (
    <li class={`row tone-${trainTones[place.status]} ${place.status === 'going' ? 'open' : ''}`}>
      <div class="row-main">
        <p class="row-title">
          {repo === null ? (
            <span class="row-link">{plainText(place.subject)}</span>
          ) : (
            <Link to={commitAddress(repo, place.commit)} class="row-link">
              {plainText(place.subject)}
            </Link>
          )}
        </p>
        <p class="row-why run-place">
          {repo !== null && <CommitLink repo={repo} hash={place.commit} />}
          <span>{place.who}</span>
          {place.run !== null && (
            <Link to={runAddress(place.run, null)} class="id">
              {place.run}
            </Link>
          )}
          {place.change !== null && <ChangeLink id={place.change} />}
        </p>
      </div>
      <div class="row-side">
        <span class="state-word" title={trainMeanings[place.status]}>
          {place.status}
        </span>
        <p class="quiet train-why">{place.why ?? trainMeanings[place.status]}</p>
        <ApplyPlace place={place} />
      </div>
    </li>
  )
}

/** The repository of a place: that of its run, or of the app that its target names. */
function useRepoOf({ run, target }: TrainPlace): string | null {
  return useModel(({ runs, repos }) => {
    const known = run === null ? undefined : runs.get(run)
    if (known !== undefined) return known.repo
    const app = target.split('@')[0] ?? ''
    const found = repos?.find((one) => (target === infraTarget ? one.isInfra : one.apps.includes(app)))
    return found?.repo ?? null
  })
}

const infraTarget = 'infra'

/** An infrastructure that passed waits for one click. */
function ApplyPlace({ place }: Readonly<{ place: TrainPlace }>) {
  if (place.target !== infraTarget || place.status !== 'green') return null
  return <ApplyCommit commit={{ hash: place.commit, subject: place.subject }} isInRow />
}
