import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { TroubleError } from '../../change/trouble.ts'
import type { AppConfig, BuildConfig } from '../../config/config.ts'
import type { Records } from '../../store/store.ts'
import { type Artifact, artifactDir, manifestOf, packFolder } from '../../ci/artifact/artifact.ts'
import { takeArtifact } from '../../ci/kept/take.ts'
import { checkOut } from '../../vcs/check-out.ts'
import type { Commit } from '../../vcs/commit.ts'

/** Where builds happen and artifacts lie. */
export type Workshop = Readonly<{ stateDir: string; records: Records }>

export type BuildOrder = Readonly<{
  app: AppConfig
  /** The folder of the app's repository. */
  repo: string
  commit: Commit
  say: (text: string) => void
  signal: AbortSignal
}>

type Built = Readonly<{ release: string; bytes: number }>

const room = 'builds'
/** A build that leaves less than this free is stopped, so that the hub itself can still write. */
const keepFreeBytes = 200 * 1024 * 1024
const diskLookMs = 500
const tailLines = 15

/** Builds a commit once: the same tree built in the same way is found again, not redone. */
export async function build(shop: Workshop, order: BuildOrder): Promise<Artifact> {
  const key = buildKey(order)
  const dir = artifactDir(shop.stateDir)
  await mkdir(dir, { recursive: true })
  const found = await findBuilt(shop, key)
  if (found !== null) {
    order.say(`built before: ${found.id.slice(0, 7)}`)
    return found
  }
  await mkdir(join(shop.stateDir, 'builds'), { recursive: true })
  const work = await mkdtemp(join(shop.stateDir, 'builds', 'b-'))
  try {
    const checkout = join(work, 'checkout')
    await checkOut(order.repo, order.commit, checkout)
    if (order.app.build !== null) await runBuild(order.app.build, checkout, work, order)
    const artifact = await packFolder(await outputOf(order.app.build, checkout), dir)
    await shop.records.put(room, key, { release: artifact.id, bytes: artifact.bytes })
    return artifact
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Everything a build's bytes may depend on: the files, the command, its variables, and the machine it runs on. */
function buildKey({ commit, app, repo }: BuildOrder): string {
  const inputs = {
    version: 1,
    repo,
    tree: commit.tree,
    build: app.build,
    platform: process.platform,
    arch: process.arch,
  }
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex')
}

/** Builds whose release is not on this disk any more are done again when somebody asks for them. */
export async function forgetBuilds(records: Records, removed: ReadonlySet<string>): Promise<void> {
  for (const { key, value } of await records.list(room))
    if (removed.has((value as Built).release)) await records.remove(room, key)
}

async function findBuilt(shop: Workshop, key: string): Promise<Artifact | null> {
  const record = (await shop.records.get(room, key)) as Built | null | undefined
  if (record === null || record === undefined) return null
  const dir = artifactDir(shop.stateDir)
  const manifest = await manifestOf(dir, record.release)
  const tar = await takeArtifact(dir, record.release)
  const there = tar === null ? null : await stat(tar).catch(() => null)
  if (manifest === null || there?.size !== record.bytes) return null
  return { id: record.release, manifest, bytes: record.bytes }
}

async function outputOf(build: BuildConfig | null, checkout: string): Promise<string> {
  const output = resolve(checkout, build?.output ?? '.')
  const there = await stat(output).catch(() => null)
  if (there?.isDirectory() === true) return output
  throw new TroubleError({
    what: `the build made no folder ${build?.output ?? '.'}`,
    now: 'set build.output in tandem.ts to the folder that the build writes',
  })
}

/** Runs the app's own command in a clean environment, in a process group of its own, within its limits. */
async function runBuild(
  build: BuildConfig,
  checkout: string,
  work: string,
  order: BuildOrder,
): Promise<void> {
  const tail: string[] = []
  const child = spawn('/bin/sh', ['-c', build.run], {
    cwd: checkout,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: await buildEnvironment(build, work, order.commit),
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line)
      if (tail.length > tailLines) tail.shift()
      order.say(line.slice(0, 4096))
    })
  }
  const killed = guardBuild(build, work, order.signal, () => killGroup(child.pid))
  const code = await new Promise<number | null>((done, failed) => child.on('close', done).on('error', failed))
  const why = killed.end()
  if (code === 0 && why === null) return
  throw new TroubleError({
    what: why ?? `the build failed: \`${build.run}\` ended with ${code ?? 'a signal'}`,
    where: `${order.commit.hash.slice(0, 7)} in ${order.repo}`,
    ...(code === null ? {} : { exit: code }),
    tail,
    now: 'nothing was touched on any host; mend the build, commit, and deploy again',
  })
}

async function buildEnvironment(
  build: BuildConfig,
  work: string,
  commit: Commit,
): Promise<NodeJS.ProcessEnv> {
  const home = join(work, 'home')
  await mkdir(home)
  const { PATH, HTTP_PROXY, HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = process.env
  const cache = process.env['npm_config_cache'] ?? join(process.env['HOME'] ?? home, '.npm')
  const passed = {
    PATH,
    HTTP_PROXY,
    HTTPS_PROXY,
    NO_PROXY,
    NODE_EXTRA_CA_CERTS,
    SSL_CERT_FILE,
    npm_config_cache: cache,
  }
  return {
    ...Object.fromEntries(Object.entries(passed).filter(([, value]) => value !== undefined)),
    HOME: home,
    TMPDIR: work,
    CI: 'true',
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    SOURCE_DATE_EPOCH: String(commit.at / 1000),
    ...build.env,
  }
}

/** Stops a build that takes too long, fills the disk, or that people no longer want; `end` says which it was. */
function guardBuild(
  build: BuildConfig,
  work: string,
  signal: AbortSignal,
  kill: () => void,
): { end: () => string | null } {
  let why: string | null = null
  const because = (reason: string): void => {
    why ??= reason
    kill()
  }
  const late = setTimeout(
    () => because(`the build took longer than ${build.limitMs / 1000} s and was stopped`),
    build.limitMs,
  )
  const disk = setInterval(() => {
    void statfs(work).then(({ bavail, bsize }) => {
      if (bavail * bsize < keepFreeBytes) because('the build filled the disk of the hub and was stopped')
    })
  }, diskLookMs)
  const stopped = (): void => because(`stopped by ${String(signal.reason)}`)
  if (signal.aborted) stopped()
  signal.addEventListener('abort', stopped)
  return {
    end: () => {
      clearTimeout(late)
      clearInterval(disk)
      signal.removeEventListener('abort', stopped)
      kill()
      return why
    },
  }
}

/** What the build left running goes too. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended already.
  }
}
