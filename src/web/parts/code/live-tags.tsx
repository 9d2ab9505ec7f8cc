import { useModel } from '../hub.ts'

/** Where a commit is live now, as words beside its subject. */
export function LiveTags({ repo, hash }: Readonly<{ repo: string; hash: string }>) {
  const targets = useModel(({ status, repos }) => {
    const apps = repos?.find((one) => one.repo === repo)?.apps ?? []
    const live = status?.apps.filter(({ app, commit }) => apps.includes(app) && commit === hash) ?? []
    return live.map(({ target }) => target).join(' ')
  })
  if (targets === '') return null
  return (
    <>
      {targets.split(' ').map((target) => (
        <span key={target} class="tag tag-live">
          live in {target}
        </span>
      ))}
    </>
  )
}
