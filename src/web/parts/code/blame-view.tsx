import type { BlameLine } from '../../../api/wire/code.ts'
import { type BlameGroup, groupsOf } from '../../state/code/blame.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { commitAddress } from '../../state/code/route.ts'
import { Link } from '../link.tsx'
import { useMore } from '../use-more.tsx'
import { When } from '../when.tsx'
import { CommitLink } from './commit-link.tsx'

type Blame = Readonly<{ repo: string; path: string; lines: readonly BlameLine[] }>

const mostAtOnce = 500

/** A file beside the commits that its lines came with. */
export function BlameView({ repo, path, lines }: Blame) {
  const { shown, more } = useMore(groupsOf(lines), mostAtOnce)
  return (
    <>
      <table class="blame">
        <caption class="unseen">who wrote {plainText(path)}</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">Commit</th>
            <th scope="col">Lines</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((group) => (
            <Group key={group.first.line} repo={repo} group={group} />
          ))}
        </tbody>
      </table>
      {more}
    </>
  )
}

function Group({ repo, group }: Readonly<{ repo: string; group: BlameGroup }>) {
  const { first, lines } = group
  return (
    <tr>
      <th scope="row">
        <CommitLink repo={repo} hash={first.commit} />
        <Link to={commitAddress(repo, first.commit)} class="blame-subject">
          {plainText(first.subject)}
        </Link>
        <span class="quiet blame-by">
          {plainText(first.author)}, <When at={first.at} />
        </span>
      </th>
      <td>
        <div class="source blame-source">
          <pre class="source-numbers" aria-hidden="true">
            {lines.map(({ line }) => line).join('\n')}
          </pre>
          <pre class="source-text">{plainText(lines.map(({ text }) => text).join('\n'))}</pre>
        </div>
      </td>
    </tr>
  )
}
