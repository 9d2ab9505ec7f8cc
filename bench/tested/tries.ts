import { chmod, cp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import type { Random } from '../../lab/random.ts'
import { packFolder } from '../../src/ci/artifact/artifact.ts'
import { listOf } from '../../src/ci/artifact/list.ts'
import { manifestIn } from '../../src/ci/artifact/read-artifact.ts'
import { hubKey, seal } from '../../src/ci/provenance/envelope.ts'
import { type Provenance, statementOf } from '../../src/ci/provenance/statement.ts'
import { tryDeployment } from '../../src/deploy/try-deployment.ts'
import { filesFor, type Files } from '../../src/deploy/work/files.ts'
import { hostTakes, layHost, type Made, type Works } from './works.ts'

/** One try to get something live that was not tested: whether it was taken. */
export type Try = Readonly<{ name: string; taken: () => Promise<boolean> }>

const takes = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  const at = random.between(0, copy.length - 1)
  copy[at] = (copy[at] ?? 0) ^ (1 << random.between(0, 7))
  return copy
}

/** Does something to a file, looks, and puts it back as it was. */
async function altered(
  path: string,
  alter: (bytes: Buffer) => Buffer,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const before = await readFile(path)
  await writeFile(path, alter(before))
  try {
    return await look()
  } finally {
    await writeFile(path, before)
  }
}

const tarOf = (works: Works, made: Made): string => join(works.releases, `${made.run.release ?? ''}.tar`)
const statementsOf = (works: Works, made: Made): string =>
  join(works.releases, `${made.run.release ?? ''}.intoto.jsonl`)

/** What a hub would send for a commit, planned and gathered as a deploy does. */
export async function sent(works: Works, made: Made): Promise<Files> {
  const { release, files, run } = await works.plan(made.commit)
  const deployment = tryDeployment({ release, files, run, commit: made.commit.hash })
  const world = { stateDir: works.stateDir, shelf: async () => works.shelf }
  return filesFor(world, deployment, new Map(), null)
}

/** Tries against the hub: its records, its statements and its artifacts. */
export function hubTries(works: Works, random: Random): readonly Try[] {
  const { good, other, red } = works
  const plan = (...words: Parameters<Works['plan']>) => takes(works.plan(...words))
  const forged = (wanted: Partial<Provenance>, own: boolean) => async () => {
    const said = (await works.shelf.of(good.run.release ?? ''))[0]?.provenance
    if (said === undefined) throw new Error('the good release has no statement')
    const key = hubKey(generateKeyPairSync('ed25519').privateKey)
    const text = statementOf({ ...said, ...wanted, hub: own ? key.id : said.hub })
    const line = Buffer.from(`${JSON.stringify(seal(key, text))}\n`)
    return altered(
      statementsOf(works, good),
      () => line,
      () => plan(good.commit),
    )
  }
  const release = good.run.release
  return [
    { name: 'an untested commit', taken: () => plan(works.unknown) },
    { name: 'a commit that failed', taken: () => plan(red.commit) },
    {
      name: 'a failed run that is told to be green',
      taken: () => plan(red.commit, (runs) => runs.map((one) => ({ ...one, outcome: 'passed' }))),
    },
    {
      name: "the run of another commit under an untested one's name",
      taken: () =>
        plan(works.unknown, () => [{ ...good.run, commit: works.unknown.hash, tree: works.unknown.tree }]),
    },
    {
      name: 'the release of another commit, re-tagged',
      taken: () => plan(other.commit, (runs) => runs.map((one) => ({ ...one, release }))),
    },
    {
      name: 'a failed commit with the release of a good one',
      taken: () => plan(red.commit, () => [{ ...good.run, commit: red.commit.hash, tree: red.commit.tree }]),
    },
    {
      name: 'the same commit with another tree',
      taken: () => plan({ ...good.commit, tree: other.commit.tree }),
    },
    {
      name: 'statements that changed places',
      taken: async () => {
        const foreign = await readFile(statementsOf(works, other))
        return altered(
          statementsOf(works, good),
          () => foreign,
          () => plan(good.commit),
        )
      },
    },
    { name: 'a statement of another hub', taken: forged({}, true) },
    { name: 'a statement under our name by another key', taken: forged({}, false) },
    { name: 'a forged statement about a commit', taken: forged({ commit: works.unknown.hash }, false) },
    {
      name: 'a mutated statement',
      taken: () =>
        altered(
          statementsOf(works, good),
          (bytes) => flipped(bytes, random),
          () => plan(good.commit),
        ),
    },
    {
      name: 'a flipped bit in an artifact',
      taken: () =>
        altered(
          tarOf(works, good),
          (bytes) => flipped(bytes, random),
          () => takes(sent(works, good)),
        ),
    },
    {
      name: 'a shortened artifact',
      taken: () =>
        altered(
          tarOf(works, good),
          (bytes) => bytes.subarray(0, random.between(0, bytes.length - 1)),
          () => takes(sent(works, good)),
        ),
    },
    {
      name: 'an artifact under the name of another',
      taken: async () => {
        const foreign = await readFile(tarOf(works, other))
        return altered(
          tarOf(works, good),
          () => foreign,
          () => takes(sent(works, good)),
        )
      },
    },
    { name: 'a note about an artifact that was altered', taken: () => alteredNote(works, random) },
  ]
}

/** What was noted down may be made anew; what travels then must be what was built. */
async function alteredNote(works: Works, random: Random): Promise<boolean> {
  const { good } = works
  const truth = listOf(await manifestIn(works.releases, good.run.release ?? ''))
  const note = join(works.releases, `${good.run.release ?? ''}.json`)
  return altered(
    note,
    (bytes) => flipped(bytes, random),
    () =>
      sent(works, good).then(
        ({ list }) => list !== truth,
        () => false,
      ),
  )
}

type Host = Awaited<ReturnType<typeof layHost>>

/** Tries on the way to a host and on it, against the very programs that hosts run. */
export function hostTries(works: Works, random: Random, nth: () => number): readonly Try[] {
  const one = (name: string, alter: (host: Host) => Promise<unknown>): Try => ({
    name,
    taken: () => takenByHost(works, nth(), alter),
  })
  const flip = (path: (host: Host) => string) => async (host: Host) =>
    writeFile(path(host), flipped(await readFile(path(host)), random))
  const file = (name: string) => (host: Host) => join(host.folder, name)
  const came = (name: string) => (host: Host) => join(host.runDir, name)
  const stranger = hubKey(generateKeyPairSync('ed25519').privateKey)
  return [
    ...['server.js', 'lib/page.html', 'run'].map((name) => one(`a flipped bit in ${name}`, flip(file(name)))),
    ...['list', 'statement', 'statement.sig', 'hub'].map((name) =>
      one(`a flipped bit in ${name} on its way`, flip(came(name))),
    ),
    one('a file that is missing', (host) => rm(file('server.js')(host))),
    one('a file that may be executed', (host) => chmod(file('server.js')(host), 0o755)),
    one('a link in place of a file', async (host) => {
      await rename(file('server.js')(host), join(host.root, 'server.js'))
      await symlink(join(host.root, 'server.js'), file('server.js')(host))
    }),
    one('a file that no list names', (host) => writeFile(file('lib/index.mjs')(host), 'steal()')),
    one('the files of another release', (host) => replaceAll(host.folder, works.other.folder)),
    one('the list of another release', async (host) =>
      writeFile(came('list')(host), (await sent(works, works.other)).list),
    ),
    one('the statement of another release', async (host) => {
      const { statement } = await sent(works, works.other)
      await writeFile(came('statement')(host), statement.signed)
      await writeFile(came('statement.sig')(host), statement.signature)
    }),
    one('another hub', (host) => writeFile(came('hub')(host), `hub ${stranger.line}\n${stranger.id}\n`)),
    one('a key that the host does not know', (host) =>
      writeFile(join(host.root, 'hub.keys'), `hub ${stranger.line}\n`),
    ),
  ]
}

async function replaceAll(folder: string, by: string): Promise<void> {
  await rm(folder, { recursive: true })
  await cp(by, folder, { recursive: true, verbatimSymlinks: true })
}

/** Whether the host says yes to something that is not what was built and signed. */
export async function takenByHost(
  works: Works,
  nth: number,
  alter: (host: Host) => Promise<unknown>,
): Promise<boolean> {
  const files = await sent(works, works.good)
  const host = await layHost(works, works.good, nth)
  await writeFile(join(host.runDir, 'list'), files.list)
  await writeFile(join(host.runDir, 'statement'), files.statement.signed)
  await writeFile(join(host.runDir, 'statement.sig'), files.statement.signature)
  await writeFile(join(host.runDir, 'hub'), `hub ${files.hub.line}\n${files.hub.id}\n`)
  await writeFile(join(host.runDir, 'shared'), '')
  await writeFile(join(host.runDir, 'links'), '')
  try {
    await alter(host)
    if (!(await hostTakes(host))) return false
    const isSame =
      (await readFile(join(host.runDir, 'list'), 'utf8')) === files.list &&
      (await readFile(join(host.runDir, 'statement'))).equals(files.statement.signed)
    const there = await packFolder(host.folder, host.root).catch(() => null)
    return !isSame || there?.id !== host.release
  } finally {
    await rm(host.root, { recursive: true })
  }
}

/** What is tested and untouched must be taken, or the tries say nothing. */
export async function mustTake(works: Works): Promise<void> {
  const { good, other } = works
  for (const made of [good, other]) {
    const { run, release } = await works.plan(made.commit)
    if (run !== made.run.id || release !== made.run.release) throw new Error('a tested release is not taken')
  }
  const files = await sent(works, good)
  const host = await layHost(works, good, 0)
  for (const [name, bytes] of Object.entries({
    list: files.list,
    statement: files.statement.signed,
    'statement.sig': files.statement.signature,
    hub: `hub ${files.hub.line}\n${files.hub.id}\n`,
    shared: '',
    links: '',
  }))
    await writeFile(join(host.runDir, name), bytes)
  if (!(await hostTakes(host))) throw new Error('a host does not take a tested release')
  await rm(host.root, { recursive: true })
}
