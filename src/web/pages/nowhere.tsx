import { Link } from '../parts/link.tsx'
import { PageHead } from '../parts/frame/page-head.tsx'
import { useTitle } from '../parts/frame/use-title.ts'

/** There is no such page. */
export function NowherePage({ path }: Readonly<{ path: string }>) {
  useTitle('No such page · Tandem')
  return (
    <>
      <PageHead title="There is no such page" />
      <p>
        Nothing is kept at <code>{path}</code>. The <Link to="/">timeline</Link> shows every change.
      </p>
    </>
  )
}
