import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { withMutex } from './mutex.ts'
import { mustRun } from './run.ts'

export type RootFsRecipe = Readonly<{
  suite: string
  mirror: string
  components: readonly string[]
  packages: readonly string[]
  inside: string
}>

export type System = 'debian' | 'ubuntu'

const PACKAGES = (
  'systemd systemd-sysv dbus openssh-server iproute2 sudo ca-certificates ' +
  'haproxy git tcsh fish busybox nodejs python3-minimal rsync procps less'
).split(' ')
const BUILD_LIMIT_MS = 10 * 60_000
// Labs with other packages than the usual have a root file system of their own.
const KEPT_OLD_BUILDS = 3

/** What lab hosts are made of. Changing anything here, or the inside script, makes another root file system. */
export function labRecipe(more: readonly string[] = [], system: System = 'debian'): RootFsRecipe {
  return {
    ...places(system),
    packages: [...PACKAGES, ...more],
    inside: readFileSync(new URL('root-fs-inside.sh', import.meta.url), 'utf8'),
  }
}

function places(system: System): Pick<RootFsRecipe, 'suite' | 'mirror' | 'components'> {
  switch (system) {
    case 'debian': {
      const mirror = process.env['TANDEM_LAB_MIRROR'] ?? 'http://deb.debian.org/debian'
      return { suite: 'bookworm', mirror, components: ['main'] }
    }
    case 'ubuntu': {
      // The newest that the debootstrap of Debian 12 knows.
      const mirror = process.env['TANDEM_LAB_UBUNTU_MIRROR'] ?? 'http://archive.ubuntu.com/ubuntu'
      return { suite: 'jammy', mirror, components: ['main', 'universe'] }
    }
  }
}

export function cacheFolder(): string {
  return process.env['TANDEM_LAB_CACHE'] ?? '/var/cache/tandem-lab'
}

/**
 * Path of the root file system that the recipe asks for, built if the cache lacks it (about a minute).
 * Two processes that want the same one at once build it once.
 */
export async function rootFs(
  say: (line: string) => void,
  recipe: RootFsRecipe = labRecipe(),
  cache: string = cacheFolder(),
): Promise<string> {
  const path = join(cache, `rootfs-${recipeHash(recipe)}`)
  if (existsSync(path)) return path
  await mkdir(cache, { recursive: true })
  return withMutex(`build${cache}`, BUILD_LIMIT_MS, async () => {
    if (existsSync(path)) return path
    say(`building the lab's root file system in ${path}; once, about a minute`)
    await removeHalfBuilds(cache)
    await build(recipe, path)
    await removeOldBuilds(cache, path)
    return path
  })
}

/** Whether this root file system was built already: one that takes minutes is not built by a test on its way. */
export function isBuilt(recipe: RootFsRecipe): boolean {
  return existsSync(join(cacheFolder(), `rootfs-${recipeHash(recipe)}`))
}

export function recipeHash(recipe: RootFsRecipe): string {
  const said = JSON.stringify([recipe.suite, recipe.mirror, recipe.packages, recipe.inside])
  return createHash('sha256').update(said).digest('hex').slice(0, 12)
}

// Built under another name and renamed at the end: what carries the final name is whole.
async function build(recipe: RootFsRecipe, path: string): Promise<void> {
  const half = `${path}.half`
  const words = [`--components=${recipe.components.join(',')}`, `--include=${recipe.packages.join(',')}`]
  await alone(['debootstrap', '--variant=minbase', ...words, recipe.suite, half, recipe.mirror])
  await alone(['chroot', half, '/bin/sh'], recipe.inside)
  await rename(half, path)
}

// In mount and process namespaces of its own, all that a build mounts and starts is gone with it, however it
// ends; so a half build never holds mounts that deleting it would walk into.
async function alone(argv: readonly string[], input = ''): Promise<void> {
  const namespaces = [
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ]
  const wrapped = ['setpriv', '--pdeathsig', 'KILL', 'unshare', ...namespaces, ...argv]
  await mustRun(wrapped, { input, timeoutMs: BUILD_LIMIT_MS })
}

async function removeHalfBuilds(cache: string): Promise<void> {
  for (const name of readdirSync(cache).filter((entry) => entry.endsWith('.half')))
    await rm(join(cache, name), { recursive: true, force: true })
}

async function removeOldBuilds(cache: string, current: string): Promise<void> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
  const old = readdirSync(cache)
    .filter((name) => /^rootfs-[0-9a-f]{12}$/.test(name))
    .map((name) => join(cache, name))
    .filter((path) => path !== current && !mounts.includes(`lowerdir=${path}`))
  const aged = await Promise.all(old.map(async (path) => ({ path, ageMs: -(await stat(path)).ctimeMs })))
  const surplus = aged.toSorted((a, b) => a.ageMs - b.ageMs).slice(KEPT_OLD_BUILDS)
  for (const { path } of surplus) await rm(path, { recursive: true, force: true })
}
