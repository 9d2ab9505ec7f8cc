import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What to be measured by, of others: it lies beside the checkout, and is no part of it. */
const folder = join(import.meta.dirname, '../../../shared/data')

/** Where it is, and why not when it is not there. */
export function measure(name: string): Readonly<{ path: string; missing: string | null }> {
  const path = join(folder, name)
  return { path, missing: existsSync(path) ? null : `there is no ${path}` }
}
