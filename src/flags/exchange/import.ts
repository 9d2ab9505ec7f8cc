import { isObject } from '../../../sdk/flag/check-shape.ts'
import { TroubleError } from '../../change/trouble.ts'
import { fromFlagd } from './flagd/import.ts'
import { fromGrowthBook } from './growthbook/import.ts'
import { listOf, membersOf, readFile } from './read.ts'
import type { Imported } from './remark.ts'
import { fromUnleash } from './unleash/import.ts'

export const formats = ['flagd', 'unleash', 'growthbook'] as const
export type Format = (typeof formats)[number]

/**
 * Flags out of a file of somebody else. Without `format` the file is looked at; `environment` says which is meant of
 * several that it may have.
 */
export function importFlags(
  text: string,
  format: Format | null,
  environment: string | null,
): Imported & Readonly<{ format: Format }> {
  const known = format ?? formatOf(text)
  switch (known) {
    case 'flagd':
      return { format: known, ...fromFlagd(text) }
    case 'unleash':
      return { format: known, ...fromUnleash(text, environment) }
    case 'growthbook':
      return { format: known, ...fromGrowthBook(text, environment) }
  }
}

/** Whose file it is, by what only theirs have. */
function formatOf(text: string): Format {
  const { flags, features } = readFile(text, 'flagd, Unleash or GrowthBook')
  if (flags !== undefined) return 'flagd'
  if (isObject(features)) return 'growthbook'
  const [first] = listOf(features).map(membersOf)
  if (first !== undefined) return 'environments' in first ? 'growthbook' : 'unleash'
  throw new TroubleError({
    what: 'whose file this is cannot be seen: it has neither flags nor features in it',
    now: `say it, with --as ${formats.join(' or --as ')}`,
  })
}
