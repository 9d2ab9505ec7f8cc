import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../../e2e/lab/until.ts'
import { person } from '../../e2e/lab/project.ts'
import { keyIn, type ServedSsh, serveSsh } from '../../e2e/repos/served-ssh.ts'
import { repoDir } from '../../src/vcs/repository.ts'
import { openSmallForge, type SmallForge } from '../../src/vcs/forges/small-forge.ts'
import { watchApi } from '../lib/api-times.ts'
import { doorOf, type FollowedTeam, openFollowedTeam } from './followed-team.ts'
import { corpus } from './hostile/corpus.ts'
import { packs } from './hostile/packs.ts'
import { pushByHttp, pushBySsh, sendPack } from './push-all.ts'
import { readAll } from './read-all.ts'
import { setTraps, type Traps } from './traps.ts'
import { useFiles } from './use-files.ts'

export type CorpusFigures = Readonly<{ repos: number; code_run: number; hub_p99_ms: number }>

const [followMs, runsMs, mirrorMs, lookMs] = [10 * 60_000, 10 * 60_000, 3 * 60_000, 100]

/** Each of the corpus lies at the hub three times: followed on a forge, pushed over HTTP, and pushed over SSH. */
const names = corpus.map((_, nth) => ({ followed: `f${nth}`, byHttp: `h${nth}`, bySsh: `s${nth}` }))
const forPacks = 'packs'

/** Hostile repositories by every way in, and to every reader; code of theirs that runs outside leaves a trace. */
export async function measureCorpus(folder: string): Promise<CorpusFigures> {
  mkdirSync(folder, { recursive: true })
  const traps = setTraps(join(folder, 'open', 'traps'))
  const mirrors = await openMirrors()
  await using team = await openFollowedTeam(join(folder, 'team'), {
    sorts: names.map(({ followed }) => ({ repo: followed, kind: 'gitea', webhook: 'signature' })),
    hosted: Object.fromEntries([
      ...names.map(({ byHttp }, nth) => [byHttp, { mirrors: [`${mirrors[nth]?.url}.git`] }] as const),
      ...[...names.map(({ bySsh }) => bySsh), forPacks].map((name) => [name, { mirrors: [] }] as const),
    ]),
    keys: [await keyIn(folder, person)],
  })
  const sshd = await serveSsh(folder, team.stateDir)
  const watching = watchApi(await doorOf(team))
  try {
    plantAll(team, traps)
    await pushAll(team, sshd)
    await untilFollowed(team)
    await untilRun(team)
    await readEverything(team)
    await useEverything(team, join(folder, 'work'))
    await untilMirrored(team, mirrors)
  } finally {
    sshd.close()
    for (const mirror of mirrors) await mirror[Symbol.asyncDispose]()
  }
  const { p99, told } = await watching.stop()
  console.log(told)
  for (const name of traps.sprung()) console.log(`CODE RAN OUTSIDE: ${name}`)
  return { repos: corpus.length + packs.length, code_run: traps.sprung().length, hub_p99_ms: p99 }
}

/** Forges that take pushes: each copies one repository that was pushed to the hub. */
const openMirrors = (): Promise<readonly SmallForge[]> =>
  Promise.all(
    corpus.map(async () => {
      const forge = await openSmallForge('gitea', null)
      forge.git('config', 'http.receivepack', 'true')
      return forge
    }),
  )

function plantAll(team: FollowedTeam, traps: Traps): void {
  for (const [nth, { name, plant }] of corpus.entries()) plant(groundOf(team, nth), traps.touch(name))
}

function groundOf(team: FollowedTeam, nth: number): SmallForge {
  const forge = team.followed[nth]?.forge
  if (forge === undefined) throw new Error('each of them has a forge')
  return forge
}

async function pushAll(team: FollowedTeam, sshd: ServedSsh): Promise<void> {
  const door = await doorOf(team)
  for (const [nth, { name }] of corpus.entries()) {
    const { byHttp = '', bySsh = '' } = names[nth] ?? {}
    const taken = await pushByHttp(door, groundOf(team, nth), byHttp)
    const overSsh = await pushBySsh(sshd, groundOf(team, nth), bySsh)
    console.log(`${name}: taken over HTTP ${taken}, over SSH ${overSsh}`)
  }
  for (const pack of packs) console.log(`${pack.name}: ${await sendPack(door, forPacks, pack)}`)
  const dir = repoDir(team.stateDir, forPacks)
  const left = (await readdir(join(dir, 'objects'))).filter((name) => name.startsWith('tmp'))
  if (left.length > 0) throw new Error(`${left.length} hostile packs have left something behind`)
}

/** Every one was looked at after it was planted, with whatever result. */
async function untilFollowed(team: FollowedTeam): Promise<void> {
  const planted = Date.now()
  const isLookedAt = async (repo: string): Promise<boolean> => {
    const { forge } = await team.hub.client().call('GET /api/repos/:repo/forge', { params: { repo } })
    return (forge.looked.at ?? 0) > planted || forge.looked.trouble !== null
  }
  const waiting = new Set(team.followed.map(({ repo }) => repo))
  await until(
    'a look at every hostile repository',
    async () => {
      for (const repo of waiting) if (await isLookedAt(repo)) waiting.delete(repo)
      return waiting.size === 0
    },
    followMs,
  )
}

/** The jobs that they bring have ended, in the sandbox of the hub. */
async function untilRun({ hub }: FollowedTeam): Promise<void> {
  const all = async () => (await hub.client().call('GET /api/runs', { query: { limit: '200' } })).runs
  await until('every run over', async () => (await all()).every(({ endedAt }) => endedAt !== null), runsMs)
  const runs = await all()
  const passed = runs.filter(({ outcome }) => outcome === 'passed').length
  const releases = runs.flatMap(({ jobs }) => jobs.filter(({ release }) => release !== null)).length
  console.log(`${runs.length} runs: ${passed} passed, ${releases} artifacts were packed`)
  if (passed === 0 || releases === 0) throw new Error('no job was run and packed: then nothing was tried')
}

async function readEverything(team: FollowedTeam): Promise<void> {
  const door = await doorOf(team)
  let answers = 0
  const broken: string[] = []
  for (const { followed, byHttp } of names) {
    for (const repo of [followed, byHttp]) {
      const reading = await readAll(door, repo)
      answers += reading.answers
      broken.push(...reading.broken)
    }
  }
  console.log(`${answers} looks at log, files, diffs and blame`)
  if (broken.length > 0) throw new Error(`the hub itself failed at:\n${broken.join('\n')}`)
}

/** As it lies on its forge: also what no door would have let in. */
async function useEverything(team: FollowedTeam, work: string): Promise<void> {
  let isAny = false
  for (const nth of corpus.keys()) {
    const said = await useFiles(groundOf(team, nth).dir, join(work, String(nth)))
    isAny ||= said.startsWith('checked out')
    console.log(`${corpus[nth]?.name}: ${said}`)
  }
  if (!isAny) throw new Error('none of them was checked out: then nothing was tried')
}

/** What was taken went on to its mirror. */
async function untilMirrored({ hub }: FollowedTeam, mirrors: readonly SmallForge[]): Promise<void> {
  const { repos } = await hub.client().call('GET /api/repos')
  const waiting = new Map(
    repos.flatMap(({ repo, branches }) => {
      const mirror = mirrors[names.findIndex(({ byHttp }) => byHttp === repo)]
      return mirror === undefined || branches === 0 ? [] : [[repo, mirror] as const]
    }),
  )
  const count = waiting.size
  if (count === 0) throw new Error('nothing was taken: then nothing was mirrored')
  const deadline = performance.now() + mirrorMs
  while (waiting.size > 0 && performance.now() < deadline) {
    for (const [repo, mirror] of waiting)
      if (mirror.git('for-each-ref', '--count=1', 'refs/heads/') !== '') waiting.delete(repo)
    await pause(lookMs)
  }
  if (waiting.size > 0)
    throw new Error(`these did not go on to their mirrors: ${[...waiting.keys()].join(' ')}`)
  console.log(`${count} of them went on to their mirrors`)
}
