import type { TreeItem } from '../../../api/wire/code.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { fileAddress, treeAddress } from '../../state/code/route.ts'
import { bytesWords, shortHash } from '../../words/code/code-words.ts'
import { Link } from '../link.tsx'
import { useMore } from '../use-more.tsx'

type Tree = Readonly<{ repo: string; at: string | null; path: string; items: readonly TreeItem[] }>

const mostAtOnce = 500

/** What is in a folder: folders first. */
export function TreeTable({ repo, at, path, items }: Tree) {
  const { shown, more } = useMore(items, mostAtOnce)
  const below = (name: string) => (path === '' ? name : `${path}/${name}`)
  return (
    <>
      <table class="tree">
        <caption class="unseen">files in {path === '' ? repo : plainText(path)}</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((item) => (
            <tr key={item.name}>
              <th scope="row">
                <span class={`file-mark file-${item.kind}`} aria-hidden="true" />
                <Name repo={repo} at={at} item={item} path={below(item.name)} />
              </th>
              <td>{item.bytes === null ? '' : bytesWords(item.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more}
    </>
  )
}

type Item = Readonly<{ repo: string; at: string | null; item: TreeItem; path: string }>

function Name({ repo, at, item, path }: Item) {
  const name = plainText(item.name)
  switch (item.kind) {
    case 'folder':
      return <Link to={treeAddress(repo, at, path)}>{name}/</Link>
    case 'file':
    case 'link':
      return (
        <>
          <Link to={fileAddress(repo, { ref: at, path })}>{name}</Link>
          {item.kind === 'link' && <span class="tag">link</span>}
        </>
      )
    case 'submodule':
      return (
        <>
          {name} <span class="tag">submodule {shortHash(item.hash)}</span>
        </>
      )
  }
}
