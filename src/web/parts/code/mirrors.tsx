import type { RepoView } from '../../../api/wire/code.ts'
import { When } from '../when.tsx'

/** Where else a repository goes or comes from, and whether that works. */
export function Mirrors({ repo }: Readonly<{ repo: RepoView }>) {
  if (repo.forge === null && repo.mirrors.length === 0) return null
  return (
    <ul class="mirrors" aria-label={`other places of ${repo.repo}`}>
      {repo.forge !== null && (
        <li>
          follows {repo.forge.kind} <code>{repo.forge.url}</code>
        </li>
      )}
      {repo.mirrors.map(({ to, at, trouble }) => (
        <li key={to}>
          mirrored to <code>{to}</code>
          {at !== null && (
            <>
              {' '}
              <When at={at} />
            </>
          )}
          {trouble !== null && <span class="tone-bad state-word"> {trouble}</span>}
        </li>
      ))}
    </ul>
  )
}
