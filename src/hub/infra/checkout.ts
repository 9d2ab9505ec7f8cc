import { git } from '../../vcs/git.ts'

/** The checkout that a folder is a part of, and where in it the folder lies: `ops`, or nothing for its top. */
export type Checkout = Readonly<{ top: string; below: string }>

/** A folder that is in no checkout is its own top. */
export async function checkoutOf(dir: string): Promise<Checkout> {
  const said = await git(dir, ['rev-parse', '--show-toplevel', '--show-prefix'])
  const [top = '', prefix = ''] = said.out.split('\n')
  return said.code === 0 ? { top, below: prefix.replace(/\/$/, '') } : { top: dir, below: '' }
}
