import type { BlobView } from '../../../api/wire/code.ts'
import { BlameView } from '../../parts/code/blame-view.tsx'
import { CommitLine } from '../../parts/code/commit-line.tsx'
import { CopyButton } from '../../parts/code/copy-button.tsx'
import { PathCrumbs } from '../../parts/code/path-crumbs.tsx'
import { RepoFrame } from '../../parts/code/repo-frame.tsx'
import { SourceView } from '../../parts/code/source-view.tsx'
import { useAt } from '../../parts/code/use-at.ts'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { commitsAddress, fileAddress } from '../../state/code/route.ts'
import { bytesWords } from '../../words/code/code-words.ts'

/** `at` is a ref or a commit; null = the trunk. */
type Where = Readonly<{
  repo: string
  at: string | null
  path: string
  line: number | null
  as: 'file' | 'blame'
}>

/** One file at one commit: its text, or who wrote it line by line. */
export function FilePage(where: Where) {
  const { repo, at, path } = where
  const other = where.as === 'file' ? 'blame' : 'file'
  return (
    <RepoFrame repo={repo} part="files" at={at}>
      <div class="place-bar">
        <PathCrumbs repo={repo} at={at} path={path} />
        <span class="place-links">
          <Link to={fileAddress(repo, { ref: at, path, line: where.line, as: other })}>
            {other === 'blame' ? 'Blame' : 'Text'}
          </Link>
          <Link to={commitsAddress(repo, at, path)}>History</Link>
        </span>
      </div>
      {where.as === 'file' ? <Text {...where} /> : <Blame {...where} />}
    </RepoFrame>
  )
}

function Text({ repo, at, path, line }: Where) {
  const { api, go } = useHub()
  const news = useModel((model) => model.codeNews)
  const ref = useAt(repo, at)
  const file = useLoaded(`${repo} ${ref} ${path}`, news, () => api.blob(repo, { ref, path }))
  return (
    <Loading of={file}>
      {({ commit, blob }) => (
        <>
          <CommitLine repo={repo} commit={commit} />
          <BlobFacts blob={blob} />
          {blob.text === null ? (
            <p class="nothing">
              It is not text, or too long to be shown here. Clone the repository to read it.
            </p>
          ) : (
            <SourceView
              text={blob.text}
              name={plainText(path)}
              line={line}
              // A line that is sent to somebody must be the same one tomorrow.
              onLine={(picked) =>
                go(
                  fileAddress(repo, { ref: commit.hash, path, line: picked === line ? null : picked }),
                  'replace',
                )
              }
            />
          )}
        </>
      )}
    </Loading>
  )
}

function BlobFacts({ blob }: Readonly<{ blob: BlobView }>) {
  return (
    <p class="blob-facts quiet">
      <span>{bytesWords(blob.bytes)}</span>
      {blob.text !== null && blob.text !== '' && (
        <>
          <span>{blob.text.replace(/\n$/, '').split('\n').length.toLocaleString('en-GB')} lines</span>
          <CopyButton text={blob.text} name="the whole file" />
        </>
      )}
    </p>
  )
}

function Blame({ repo, at, path }: Where) {
  const { api } = useHub()
  const ref = useAt(repo, at)
  const blame = useLoaded(`${repo} ${ref} ${path}`, 0, () => api.blame(repo, { ref, path }))
  return (
    <Loading of={blame}>
      {({ commit, lines }) => (
        <>
          <CommitLine repo={repo} commit={commit} />
          <BlameView repo={repo} path={path} lines={lines} />
        </>
      )}
    </Loading>
  )
}
