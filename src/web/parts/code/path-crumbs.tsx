import { plainText } from '../../state/code/plain-text.ts'
import { crumbsOf, treeAddress } from '../../state/code/route.ts'
import { Link } from '../link.tsx'

type Path = Readonly<{ repo: string; at: string | null; path: string }>

/** The folders above what is shown, each a link. */
export function PathCrumbs({ repo, at, path }: Path) {
  const crumbs = crumbsOf(path)
  return (
    <p class="path" role="group" aria-label="path">
      <Link to={treeAddress(repo, at, '')}>{repo}</Link>
      {crumbs.map((crumb, nth) => (
        <span key={crumb.path}>
          <span class="path-slash" aria-hidden="true">
            /
          </span>
          {nth === crumbs.length - 1 ? (
            <strong>{plainText(crumb.name)}</strong>
          ) : (
            <Link to={treeAddress(repo, at, crumb.path)}>{plainText(crumb.name)}</Link>
          )}
        </span>
      ))}
    </p>
  )
}
