import type { RepoView, TreeItem } from '../../../api/wire/code.ts'
import { CommitLine } from '../../parts/code/commit-line.tsx'
import { cloneAddress } from '../../parts/code/clone-address.ts'
import { CopyButton } from '../../parts/code/copy-button.tsx'
import { MarkdownView } from '../../parts/code/markdown-view.tsx'
import { PathCrumbs } from '../../parts/code/path-crumbs.tsx'
import { RefPicker } from '../../parts/code/ref-picker.tsx'
import { RepoFrame } from '../../parts/code/repo-frame.tsx'
import { TreeTable } from '../../parts/code/tree-table.tsx'
import { useAt } from '../../parts/code/use-at.ts'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { commitsAddress, fileAddress, treeAddress } from '../../state/code/route.ts'

/** `at` is a ref or a commit; null = the trunk. */
type Where = Readonly<{ repo: string; at: string | null; path: string }>

/** A folder of a repository at one commit, and what its README says. */
export function TreePage({ repo, at, path }: Where) {
  const view = useModel(({ repos }) => repos?.find((one) => one.repo === repo) ?? null)
  return (
    <RepoFrame repo={repo} part="files" at={at}>
      {view?.head === null && at === null ? (
        <Empty repo={view} />
      ) : (
        <Folder repo={repo} at={at} path={path} />
      )}
    </RepoFrame>
  )
}

function Empty({ repo }: Readonly<{ repo: RepoView }>) {
  const commands = `git remote add tandem ${cloneAddress(repo.clone.http)}\ngit push tandem ${repo.trunk}`
  return (
    <div class="nothing">
      <p>Nothing was pushed to it yet.</p>
      <pre class="nothing-how">{commands}</pre>
      <CopyButton text={commands} name="the commands" />
    </div>
  )
}

function Folder({ repo, at, path }: Where) {
  const { api, go } = useHub()
  const news = useModel((model) => model.codeNews)
  const ref = useAt(repo, at)
  const about = useLoaded(repo, news, () => api.repo(repo))
  const folder = useLoaded(`${repo} ${ref} ${path}`, news, () => api.tree(repo, { ref, path }))
  return (
    <>
      <div class="place-bar">
        <RefPicker
          refs={about.answer?.refs ?? []}
          at={ref}
          onPick={(picked) => go(treeAddress(repo, picked, path))}
        />
        <PathCrumbs repo={repo} at={at} path={path} />
        <span class="place-links">
          <Link to={commitsAddress(repo, at, path)}>History</Link>
        </span>
      </div>
      <Loading of={folder}>
        {({ commit, items }) => (
          <>
            <CommitLine repo={repo} commit={commit} />
            <TreeTable repo={repo} at={at} path={path} items={items} />
            <Readme repo={repo} commit={commit.hash} at={at} path={path} items={items} />
          </>
        )}
      </Loading>
    </>
  )
}

type Folded = Readonly<{
  repo: string
  commit: string
  at: string | null
  path: string
  items: readonly TreeItem[]
}>

function Readme({ repo, commit, at, path, items }: Folded) {
  const found = items.find(
    ({ name, kind }) => kind === 'file' && /^readme(\.(md|markdown|txt))?$/i.test(name),
  )
  return found === undefined ? null : (
    <ReadmeOf repo={repo} commit={commit} at={at} path={path === '' ? found.name : `${path}/${found.name}`} />
  )
}

function ReadmeOf({ repo, commit, at, path }: Omit<Folded, 'items'>) {
  const { api } = useHub()
  const file = useLoaded(`${repo} ${commit} ${path}`, 0, () => api.blob(repo, { ref: commit, path }))
  return (
    <section class="readme" aria-labelledby="readme">
      <h2 id="readme">
        <Link to={fileAddress(repo, { ref: at, path })}>{plainText(path)}</Link>
      </h2>
      <Loading of={file}>
        {({ blob }) =>
          blob.text === null ? (
            <p class="quiet">It is too long to be shown here.</p>
          ) : /\.(md|markdown)$/i.test(path) ? (
            <MarkdownView text={blob.text} />
          ) : (
            <pre class="plain-readme">{plainText(blob.text)}</pre>
          )
        }
      </Loading>
    </section>
  )
}
