import { useEffect, useState } from 'preact/hooks'
import type { OrderWish, Routes } from '../../../api/wire/wire.ts'
import type { Json } from '../../../change/json.ts'
import type { Plan } from '../../../change/plan.ts'
import { shortHash } from '../../words/code/code-words.ts'
import { AskedPlan } from '../plan/asked-plan.tsx'
import { Dialog } from '../dialog.tsx'
import { DialogEnd } from '../dialog-end.tsx'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'
import { WhyField } from '../change/why-field.tsx'

type Ask = Readonly<{
  /** Roles, groups and hosts; none = all that have a recipe. */
  on: readonly string[]
  /** What they are called together. */
  name: string
  /** Only what drifted from what was applied last. */
  drift: boolean
  /** The commit whose recipes are meant; left out: those in the folder of the hub. */
  commit?: Readonly<{ hash: string; subject: string }>
  onClose: () => void
}>

/** The hub takes no longer bodies, and what is seen of hundreds of hosts would be one. */
const longestSeen = 900_000

/** Looks at hosts, shows what an apply would do, asks why, and orders exactly what was shown. */
export function ApplyDialog({ on, name, drift, commit, onClose }: Ask) {
  const { api, go } = useHub()
  const [why, setWhy] = useState(drift ? `put right what has drifted on ${name}` : (commit?.subject ?? ''))
  const [planned, plan] = useAsked<Routes['POST /api/plans']>()
  const [ordered, order] = useAsked<Routes['POST /api/changes']>()
  const [hosts, hash] = [on.join(' '), commit?.hash ?? null]
  const what = { on, drift, hash }
  useEffect(() => {
    void plan(() => api.plan(wishOf(what, `look at what an apply to ${name} would do`, null)))
  }, [api, plan, hosts, drift, hash])
  const seen = planned.type === 'answered' ? seenIn(planned.answer.plan) : null
  const submit = async (event: Event) => {
    event.preventDefault()
    const answer = await order(() => api.order(wishOf(what, why.trim(), seen)))
    if (answer !== null) go(`/changes/${answer.id}`)
  }
  const isReady = planned.type === 'answered' && planned.answer.plan.stages.length > 0
  return (
    <Dialog
      title={drift ? `Mend ${name}?` : `Apply ${hash === null ? '' : `${shortHash(hash)} `}to ${name}?`}
      isWide
      onClose={onClose}
    >
      <p class="quiet">
        {drift
          ? 'Only what was altered on the host itself is put back as it was applied.'
          : 'What the recipes say is made so, under your name. It can be reverted, except for what the plan names.'}
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <WhyField value={why} onInput={setWhy} hint="what it is for" />
        <AskedPlan asked={planned} asking="Looking at the hosts …" />
        {drift && planned.type === 'answered' && !isReady && (
          <p class="quiet">Nothing was altered on the host. What differs is new in the recipe: apply it.</p>
        )}
        {isReady && seen === null && (
          <p class="quiet">
            There is too much of it to be held to this plan: it is made anew when it begins.
          </p>
        )}
        <DialogEnd
          asked={ordered}
          isReady={isReady && why.trim() !== ''}
          does={drift ? `Mend ${name}` : `Apply to ${name}`}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

type What = Pick<Ask, 'on' | 'drift'> & Readonly<{ hash: string | null }>

/** The wish in the apply kind's own words. */
const wishOf = ({ on, drift, hash }: What, why: string, seen: Json): OrderWish => ({
  kind: 'apply',
  wish: {
    do: 'recipes',
    on: [...on],
    drift,
    ...(hash === null ? {} : { commit: hash }),
    ...(seen === null ? {} : { seen }),
  },
  why,
})

/** What was seen and what will be, by host and resource: an apply that is told it does that or nothing. */
function seenIn({ outcome }: Plan): Json {
  if (typeof outcome !== 'object' || outcome === null || !('digests' in outcome)) return null
  const { digests } = outcome
  return digests !== undefined && JSON.stringify(digests).length <= longestSeen ? digests : null
}
