/**
 * What people write in recipes. Editors show these comments, so they are the manual. Only types live here, and nothing
 * is imported: the text travels whole to where an editor can see it.
 */

/**
 * What the hosts of a role have: a function from a host to resources. It is asked for each host, and must not wait. What
 * is `false`, `null` or `undefined` is left out: `host.vars.proxy && file(…)`.
 */
export type Recipe = (host: RecipeHost) => Resources

/** One resource, a list, or lists of lists. */
export type Resources = RecipeResource | null | undefined | false | 0 | '' | readonly Resources[]

/** One thing that a host shall have, as a word made it. It may stand in the options of others: `after`, `restartOn` …. */
export type RecipeResource = Readonly<{ type: string; name: unknown }>

/** Plain values, by name, for recipes and templates. Not for secrets: these can be read by everybody. */
export type Vars = Readonly<Record<string, Var>>
export type Var = null | boolean | number | string | readonly Var[] | { readonly [name: string]: Var }

/** A host, as a recipe sees it. */
export type RecipeHost = Readonly<{
  name: string
  roles: readonly string[]
  /** The variables of the host, over those of its groups. */
  vars: Vars
  facts: Facts
}>

/**
 * What was observed of a host as a whole. Only what stays the same for months: recipes are functions of it, and a fact
 * that moved means that they are asked again.
 */
export type Facts = Readonly<{
  /** `debian`, `ubuntu`: the ID of os-release. */
  os: string
  /** `12`, `24.04`. */
  version: string
  /** `bookworm`, `noble`. */
  codename: string
  /** As dpkg says: `amd64`, `arm64`. */
  arch: string
  /** The release of the kernel: `6.1.0-13-amd64`. */
  kernel: string
  hostname: string
  cpus: number
  memoryMb: number
  /** Addresses that others can reach, in the order of the interfaces: `10.0.0.1`, `fd00::1`. */
  addresses: readonly string[]
  /** `systemd`, `none` … what process 1 is. */
  init: string
  /** `none`, `kvm`, `systemd-nspawn` … as systemd-detect-virt says; `unknown` without it. */
  virtualization: string
}>
