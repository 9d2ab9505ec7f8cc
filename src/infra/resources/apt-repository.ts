import { z } from 'zod'
import { TroubleError } from '../../change/trouble.ts'
import { list, text } from '../../config/values/wanted.ts'
import type { LoweringWorld, Resource, ResourceSort } from '../recipe/resource.ts'
import { gone, owing, plain } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import type { PathThing, Thing } from '../things/thing.ts'
import { all, alone, atLeastOne, atMostOne } from './rules.ts'
import { shownPlace } from '../recipe/refuse.ts'
import { absolutePathLike, oneOrMore, options, yes } from './words.ts'

const armour = '-----BEGIN PGP PUBLIC KEY BLOCK-----'

const repositoryName = text(
  "letters, digits, dashes and underscores, such as 'nodesource'",
  /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/,
)
const uri = text(
  "an address, such as 'https://deb.nodesource.com/node_24.x'",
  /^(?:https?|file|mirror\+https?):\/[!-~]+$/,
)
const suite = text("a suite, such as 'bookworm'", /^[A-Za-z0-9./][A-Za-z0-9._/-]{0,99}$/)
const component = text("a component, such as 'main'", /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/)
const architecture = text("an architecture, such as 'amd64'", /^[a-z0-9-]{1,30}$/)
const key = z
  .string({ error: "a public key or the path of one beside the recipe, such as 'files/nodesource.asc'" })
  .regex(/^(?!\/)(?:[^\p{Cc}\p{Co}]{1,4000}|\s*-----BEGIN PGP PUBLIC KEY BLOCK-----[^\0\p{Co}]+)$/u, {
    error: "a public key or the path of one beside the recipe, such as 'files/nodesource.asc'",
  })

const repositoryOptions = options(
  {
    uri: uri.optional(),
    suites: oneOrMore(suite, "'bookworm'").optional(),
    components: list(component, "'main'").optional(),
    architectures: list(architecture, "'amd64'").optional(),
    key: key.optional(),
    signedBy: absolutePathLike('/usr/share/keyrings/debian-archive-keyring.gpg').optional(),
    absent: yes.optional(),
  },
  "uri: 'https://deb.nodesource.com/node_24.x', key: 'files/nodesource.asc'",
).superRefine(
  all(
    atLeastOne(['uri'], "'https://deb.nodesource.com/node_24.x'", 'absent'),
    atLeastOne(['key', 'signedBy'], "'files/nodesource.asc'", 'absent'),
    atMostOne('key', 'signedBy'),
    alone('absent'),
  ),
)

type RepositoryOptions = z.output<typeof repositoryOptions>

/** A place to install packages from, with the one key that its lists must be signed by. */
export const aptRepository: ResourceSort<RepositoryOptions> = {
  type: 'aptRepository',
  name: repositoryName,
  options: repositoryOptions,
  lower: async (resource, world) => {
    const things = resource.options.absent === true ? absent(resource.name) : await present(resource, world)
    return things.map((thing) => owing(thing, [{ type: 'lists' }]))
  },
}

const sourcesOf = (name: string) => `/etc/apt/sources.list.d/${name}.sources`
const keyOf = (name: string, ending: string) => `/etc/apt/keyrings/${name}.${ending}`

/** Of the two sorts of keys only one was ever written, and which one nobody knows any more. */
function absent(name: string): readonly PathThing[] {
  return [sourcesOf(name), keyOf(name, 'asc'), keyOf(name, 'gpg')].map((path) => pathThing(path, gone))
}

async function present(
  resource: Resource<RepositoryOptions>,
  world: LoweringWorld,
): Promise<readonly Thing[]> {
  const { name, options } = resource
  const access = { mode: 0o644, owner: 'root', group: 'root' }
  const bytes = options.key === undefined ? null : await keyBytes(resource, options.key, world)
  const keyring = bytes === null ? (options.signedBy ?? '') : keyOf(name, isArmoured(bytes) ? 'asc' : 'gpg')
  const content = plain(sourcesText(resource, world, keyring))
  const sources = pathThing(sourcesOf(name), { type: 'file', content, ...access })
  if (bytes === null) return [sources]
  const folder = pathThing('/etc/apt/keyrings', { type: 'directory', ...access, mode: 0o755 })
  const file = pathThing(keyring, { type: 'file', content: { bytes, secrets: [] }, ...access })
  return [folder, file, sources]
}

async function keyBytes(
  { options, at }: Resource<RepositoryOptions>,
  key: string,
  world: LoweringWorld,
): Promise<Uint8Array> {
  if (key.includes(armour)) return plain(`${key.trim()}\n`).bytes
  const bytes = await world.bytesOf(key, at)
  // An OpenPGP packet begins with its highest bit set: an HTML page of a failed download does not.
  if (isArmoured(bytes) || (bytes[0] ?? 0) >= 0x80) return bytes
  throw new TroubleError({
    what: `${key} is no public key of OpenPGP`,
    where: shownPlace(at),
    now: `download the key of ${options.uri} again`,
  })
}

function isArmoured(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4096)).toString('latin1').includes(armour)
}

/** The format of sources.list(5) that says one thing a line. */
function sourcesText(
  { options, at }: Resource<RepositoryOptions>,
  { host }: LoweringWorld,
  keyring: string,
): string {
  const suites = options.suites ?? [host.facts.codename]
  const isFlat = suites.every((suite) => suite.endsWith('/'))
  if (!isFlat && suites.some((suite) => suite.endsWith('/')))
    throw new TroubleError({
      what: 'suites that end with / and suites that do not cannot stand in one repository',
      where: shownPlace(at),
      now: 'say aptRepository(…) for each sort',
    })
  const fields = {
    Types: 'deb',
    URIs: options.uri ?? '',
    Suites: suites.join(' '),
    Components: isFlat ? '' : (options.components ?? ['main']).join(' '),
    Architectures: (options.architectures ?? []).join(' '),
    'Signed-By': keyring,
  }
  const lines = Object.entries(fields).filter(([, value]) => value !== '')
  return lines.map(([field, value]) => `${field}: ${value}\n`).join('')
}
