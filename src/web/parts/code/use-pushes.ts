import type { Aside } from '../../../change/occurrence.ts'
import type { Push } from '../../state/timeline.ts'
import { useHub, useModel } from '../hub.ts'
import { useLoaded } from '../use-loaded.ts'

/** So many repositories are asked for their newest pushes, and for so many; later ones are heard. */
const mostRepos = 10
const mostOfEach = 50

/** Pushes to the trunks of the repositories. Only they can go live by themselves; others would be noise. */
export function usePushes(): readonly Push[] {
  const { api } = useHub()
  const repos = useModel((model) => model.repos)
  const heard = useModel((model) => model.asides)
  const names = repos?.slice(0, mostRepos).map(({ repo }) => repo) ?? []
  const loaded = useLoaded(`pushes ${names.join(' ')}`, 0, async () => {
    const answers = await Promise.all(names.map((name) => api.asides(name, mostOfEach)))
    return answers.flatMap(({ asides }) => asides)
  })
  const trunks = new Set(repos?.map(({ repo, trunk }) => `${repo} refs/heads/${trunk}`))
  const all = new Map([...(loaded.answer ?? []), ...heard].map((aside) => [aside.seq, aside]))
  return [...all.values()].filter(
    (aside): aside is Push => isPush(aside) && trunks.has(`${aside.about} ${aside.ref}`),
  )
}

const isPush = (aside: Aside): aside is Push => aside.type === 'pushed' && aside.to !== null
