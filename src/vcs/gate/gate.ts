import { basename, dirname, join, resolve } from 'node:path'
import type { RepoConfig } from '../../config/repo/repo.ts'
import { valuesToFind } from './team-values.ts'
import { git } from '../git.ts'
import type { Push } from '../push.ts'
import { repoDir } from '../repository.ts'
import { treeLimits } from '../tree-limits.ts'
import { contentsOf, type NewObject, newObjects, type Quarantine } from './new-objects.ts'
import { againstRefs, shown } from './ref-rules.ts'
import { secretForm } from './secret-forms.ts'
import { namesTrouble, type TreeEntry, treeEntries } from './tree-entries.ts'
import { treeSizes } from './tree-sizes.ts'

export type GateWorld = Readonly<{
  stateDir: string
  /** Null for a repository that the team does not have. */
  known: (repo: string) => RepoConfig | null
  /** Null for somebody who is not of the team. */
  may: (person: string) => 'everything' | 'look' | null
  /** The team's own secrets. */
  secrets: () => Promise<readonly string[]>
}>

export const gateLimits = {
  objects: 500_000,
  /** Of one file and of all that are new, unpacked, beside the size of the push. */
  unpacked: (largestBytes: number) => Math.max(8 * largestBytes, 1024 * 1024 * 1024),
  /** Secrets are short files: larger ones are not looked into. */
  secretBytes: 1024 * 1024,
  treeBytes: 32 * 1024 * 1024,
  ...treeLimits,
} as const

/** Whoever pushes says with it that what looks like a secret is none. */
const notSecret = 'not-secret'

/** Looks at a push before it is taken. Returns why it is not, as lines with what to do now; none = it is. */
export async function checkPush(
  world: GateWorld,
  push: Push,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const config = world.known(push.repo)
  const found =
    config === null
      ? [
          `the team has no repository called ${push.repo} any more`,
          '  now: put it back into `repos` in tandem.ts',
        ]
      : (personTrouble(world, push) ?? (await troubleIn(world, push, config, say)))
  const [first, ...rest] = found
  return first === undefined ? [] : [`refused: ${first}`, ...rest]
}

function personTrouble(world: GateWorld, { who }: Push): readonly string[] | null {
  const may = world.may(who)
  if (may === 'everything') return null
  if (may === 'look') return [`${who} may look, not push`, "  now: ask for `may: 'everything'` in tandem.ts"]
  return [`${shown(who)} is not of the team`, `  now: ask to be added to \`people\` in tandem.ts`]
}

async function troubleIn(
  world: GateWorld,
  push: Push,
  config: RepoConfig,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const repo = repoDir(world.stateDir, push.repo)
  if (config.forge !== null)
    return [`${push.repo} is held by ${config.forge.kind}`, `  now: push to ${config.forge.url}`]
  const inside = quarantineOf(repo, push)
  const env = inside === null ? {} : objectEnv(inside)
  const isAncestor = async (from: string, to: string): Promise<boolean> =>
    (await git(repo, ['merge-base', '--is-ancestor', from, to], { env })).code === 0
  const refs = await againstRefs(push, config, isAncestor)
  if (refs.length > 0 || inside === null) return refs
  return await againstObjects({ world, push, config, inside, say })
}

/** Nothing but git's own folder inside the repository is believed to be one. A push of nothing new has none. */
function quarantineOf(repo: string, { quarantine }: Push): Quarantine | null {
  if (quarantine === null) return null
  const dir = resolve(repo, quarantine)
  if (dirname(dir) === join(repo, 'objects') && /^[A-Za-z0-9_-]+$/.test(basename(dir))) return { repo, dir }
  throw new Error(`git keeps what is pushed in ${quarantine}, which is no place for it`)
}

const objectEnv = ({ repo, dir }: Quarantine) => ({
  GIT_OBJECT_DIRECTORY: dir,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: `${repo}/objects`,
})

type Looking = Readonly<{
  world: GateWorld
  push: Push
  config: RepoConfig
  inside: Quarantine
  say: (line: string) => void
}>

async function againstObjects(looking: Looking): Promise<readonly string[]> {
  const { config, inside } = looking
  const objects = await newObjects(inside, gateLimits.objects)
  const inParts =
    '  now: push older commits first, a part at a time: `git push tandem COMMIT:refs/heads/main`'
  if (objects === null) return [`this push brings more than ${gateLimits.objects} objects`, inParts]
  const unpacked = objects.reduce((sum, { bytes }) => sum + bytes, 0)
  if (unpacked > gateLimits.unpacked(config.largestBytes))
    return [`this push would be ${megabytes(unpacked)} when it is unpacked`, inParts]
  const trees = await treesIn(inside, objects)
  if (!(trees instanceof Map)) return trees
  return againstSizes(trees) ?? (await againstSecrets(looking, objects, trees))
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`

type Trees = Map<string, readonly TreeEntry[]>

async function treesIn(
  inside: Quarantine,
  objects: readonly NewObject[],
): Promise<Trees | readonly string[]> {
  const wanted = objects.filter(({ kind }) => kind === 'tree')
  const huge = wanted.find(({ bytes }) => bytes > gateLimits.treeBytes)
  if (huge !== undefined) return ['it has a folder with too many files', '  now: spread them over folders']
  const trees: Trees = new Map()
  for await (const { object, bytes } of contentsOf(inside, wanted)) {
    const entries = treeEntries(bytes, object.hash.length / 2)
    const trouble = entries === null ? { name: object.hash, why: 'is no folder' } : namesTrouble(entries)
    if (trouble !== null)
      return [
        `${shown(trouble.name)} ${trouble.why}`,
        '  now: give it another name in every commit that has it',
      ]
    trees.set(object.hash, entries ?? [])
  }
  return trees
}

function againstSizes(trees: Trees): readonly string[] | null {
  for (const { pathBytes, files } of treeSizes(trees).values()) {
    if (pathBytes > gateLimits.pathBytes)
      return [
        `it has a path of over ${gateLimits.pathBytes} bytes`,
        '  now: take it out of every commit that has it',
      ]
    if (files > gateLimits.files)
      return [
        `a commit of it has over ${gateLimits.files} files`,
        '  now: take them out of every commit that has them',
      ]
  }
  return null
}

async function againstSecrets(
  { world, push, inside, say }: Looking,
  objects: readonly NewObject[],
  trees: Trees,
): Promise<readonly string[]> {
  const holds = valuesToFind(await world.secrets())
  const blobs = objects.filter(
    ({ kind, bytes }) => kind === 'blob' && bytes >= 8 && bytes <= gateLimits.secretBytes,
  )
  const mayLookLikeOne = push.options.includes(notSecret)
  const passed: string[] = []
  for await (const { object, bytes } of contentsOf(inside, blobs)) {
    const isOurs = holds(bytes)
    const form = isOurs ? null : secretForm(bytes)
    if ((!isOurs && form === null) || (await isThereAlready(inside, object.hash))) continue
    const path = shown(pathOf(object.hash, trees))
    const where =
      form === null
        ? `${path} holds a secret of the team`
        : `${path}, line ${form.line}, looks like ${form.is}`
    if (!mayLookLikeOne) return [where, ...takeOut]
    passed.push(where)
  }
  for (const where of passed.slice(0, 20)) say(`taken, as you say that it is no secret: ${where}`)
  return []
}

const takeOut: readonly string[] = [
  '  now: take it out of every commit that has it (`git commit --amend`, `git rebase -i`), and let what it opens be',
  '       opened by another; programs get secrets by `tandem secret set NAME`',
  `  or:  when it is none, say so: \`git push -o ${notSecret}\``,
]

/** Git fills packs up with objects that both sides have. */
async function isThereAlready({ repo }: Quarantine, hash: string): Promise<boolean> {
  return (await git(repo, ['cat-file', '-e', hash])).code === 0
}

/** Where a file lies, upwards from one folder that has it. */
function pathOf(hash: string, trees: Trees): string {
  const names: string[] = []
  const climbed = new Set<string>()
  for (let at: string | undefined = hash; at !== undefined && !climbed.has(at);) {
    climbed.add(at)
    const below: string = at
    at = undefined
    for (const [tree, entries] of trees) {
      const entry = entries.find((one) => one.hash === below)
      if (entry === undefined) continue
      names.unshift(Buffer.from(entry.name, 'latin1').toString('utf8'))
      at = tree
      break
    }
  }
  return names.length === 0 ? hash : names.join('/')
}
