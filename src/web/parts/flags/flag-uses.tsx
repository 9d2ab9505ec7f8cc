import { countsByVariant, shareWords } from '../../words/flags/flag-words.ts'
import { useHub } from '../hub.ts'
import { Loading } from '../loading.tsx'
import { useLoaded } from '../use-loaded.ts'
import { When } from '../when.tsx'
import { useEveryNow } from './use-every-now.ts'

/** What programs got from a flag in the last day. */
export function FlagUses({ flag, environment }: Readonly<{ flag: string; environment: string }>) {
  const { api } = useHub()
  const beat = useEveryNow(5_000)
  const use = useLoaded(environment, beat, () => api.flagUse(environment))
  return (
    <section aria-labelledby="use">
      <h2 id="use">What programs got in the last 24 hours</h2>
      <Loading of={use}>
        {({ flags, since }) => {
          const found = flags.find((each) => each.flag === flag)
          const counts = countsByVariant(found?.day ?? [])
          const all = counts.reduce((sum, { count }) => sum + count, 0)
          if (all === 0)
            return (
              <p class="quiet">
                {found === undefined || found.lastAt === null ? (
                  <>
                    Nobody has asked for it since <When at={since} />.
                  </>
                ) : (
                  <>
                    Nobody has; it was asked for last <When at={found.lastAt} />.
                  </>
                )}
              </p>
            )
          return (
            <ul class="reach">
              {counts.map(({ variant, count }) => (
                <li key={variant}>
                  <span>{variant || "the program's own default"}</span>
                  <meter max={all} value={count} aria-label={`how often ${variant || 'its own default'}`} />
                  <strong>{shareWords(count, all)}</strong>
                  <span class="quiet">{count.toLocaleString('en-GB')}</span>
                </li>
              ))}
            </ul>
          )
        }}
      </Loading>
    </section>
  )
}
