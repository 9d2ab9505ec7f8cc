import { AppStrip } from '../parts/deploy/app-strip.tsx'
import { PushRow } from '../parts/code/push-row.tsx'
import { usePushes } from '../parts/code/use-pushes.ts'
import { ChangeRow } from '../parts/change/change-row.tsx'
import { useHub, useModel } from '../parts/hub.ts'
import { useNow } from '../parts/now.tsx'
import { OlderButton } from '../parts/change/older-button.tsx'
import { PageHead } from '../parts/frame/page-head.tsx'
import { TimelineFilter } from '../parts/change/timeline-filter.tsx'
import { usePageTitle } from '../parts/frame/use-title.ts'
import { newestFirst } from '../state/model.ts'
import { timelineAddress } from '../state/route.ts'
import { byDay, hasText, momentsOf } from '../state/timeline.ts'

type Filter = Readonly<{ target: string | null; text: string }>

/** Every change of the running system, newest first, as it happens. */
export function TimelinePage({ target, text }: Filter) {
  const { go } = useHub()
  const model = useModel((whole) => whole)
  const now = useNow()
  const pushes = usePushes()
  const all = newestFirst(model, null)
  const shown = all.filter((change) => (target === null || change.target === target) && hasText(change, text))
  const isFiltered = target !== null || text !== ''
  usePageTitle('')
  return (
    <>
      <PageHead title="Timeline" />
      <AppStrip />
      <TimelineFilter
        target={target}
        text={text}
        onChange={(next) => go(timelineAddress(next.target, next.text), 'replace')}
      />
      {model.loaded && shown.length === 0 && <Nothing isFiltered={isFiltered} />}
      {byDay(momentsOf(shown, isFiltered ? [] : pushes), now).map(({ day, moments }) => (
        <section key={day} aria-label={day}>
          <h2 class="day">{day}</h2>
          <ol class="rows">
            {moments.map((moment) =>
              moment.type === 'change' ? (
                <ChangeRow key={moment.change.id} change={moment.change} />
              ) : (
                <PushRow key={moment.push.seq} push={moment.push} />
              ),
            )}
          </ol>
        </section>
      ))}
      {model.loaded && <OlderButton target={target} />}
    </>
  )
}

function Nothing({ isFiltered }: Readonly<{ isFiltered: boolean }>) {
  return (
    <div class="nothing">
      {isFiltered ? (
        <p>Nothing of what is loaded fits this filter.</p>
      ) : (
        <>
          <p>Nothing has been changed yet.</p>
          <p class="quiet">
            Order the first change from the <a href="/apps">apps</a> page, or with <code>tandem deploy</code>.
          </p>
        </>
      )}
    </div>
  )
}
