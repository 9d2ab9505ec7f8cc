import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const checkout = fileURLToPath(new URL('../../', import.meta.url))
/** Debian's user without rights; whoever runs this without being root is unprivileged enough. */
const nobody = { uid: 65_534, gid: 65_534 }

/** A copy of this checkout with what it needs to run, that belongs to a user without rights. */
export type Clone = Readonly<{
  root: string
  env: Readonly<Record<string, string>>
  user: Readonly<{ uid: number; gid: number }> | Record<never, never>
  remove: () => void
}>

export function cloneForNobody(): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-demo-'))
  const root = join(folder, 'tandem')
  const home = join(folder, 'home')
  mkdirSync(home)
  for (const name of ['bin', 'src', 'sdk', 'examples', 'package.json', 'package-lock.json', ...packages()])
    cpSync(join(checkout, name), join(root, name), { recursive: true, filter: isSource })
  const isRoot = process.getuid?.() === 0
  if (isRoot) execFileSync('chown', ['-R', `${nobody.uid}:${nobody.gid}`, folder])
  return {
    root,
    env: {
      PATH: `${process.env['PATH']}`,
      HOME: home,
      npm_config_update_notifier: 'false',
      npm_config_offline: 'true',
    },
    user: isRoot ? nobody : {},
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const isSource = (path: string): boolean => !/\/examples\/.*\/(\.tandem|dist|data)$/.test(path)

/** What a production install would bring, and Node itself. */
function packages(): readonly string[] {
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>
  }
  const needed = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true)
    .map(([path]) => path)
  const node = ['node_modules/node/package.json', 'node_modules/node/bin']
  return [...needed, ...node].filter((path) => existsSync(join(checkout, path)))
}
