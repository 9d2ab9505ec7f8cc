import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HostAddress } from '../../remote/remote.ts'

/** Where the demo lives: everything beneath `.tandem/demo` of the checkout. */
export type Place = Readonly<{
  /** The checkout of Tandem. */
  root: string
  example: string
  /** The copy that is deployed, with a git repository of its own. */
  shop: string
  stateDir: string
  /** This machine, as the shop's `tandem.ts` names it. */
  host: HostAddress
  hostRoot: string
}>

export function demoPlace(): Place {
  const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')
  return placeIn(root, join(root, '.tandem', 'demo', 'shop'))
}

export function placeIn(root: string, shop: string): Place {
  const hostRoot = join(shop, '.tandem', 'hosts', 'local')
  return {
    root,
    example: join(root, 'examples', 'shop'),
    shop,
    stateDir: join(shop, '.tandem'),
    host: { name: 'local', via: { kind: 'local', root: hostRoot } },
    hostRoot,
  }
}

/** As people write it who stand in the checkout. */
export const shopFolder = ({ root, shop }: Place): string => relative(root, shop)
