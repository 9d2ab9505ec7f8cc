import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Packages by where they lie, with their versions; those of other platforms may be missing. */
type Packages = Readonly<Record<string, Readonly<{ version?: string; optional?: boolean }>>>

/**
 * Says that the packages which are here are not those of package-lock.json: whatever else is checked then speaks of
 * packages that nobody means. Null where they are the same, and where something else than npm has laid them here.
 */
export function strayPackages(root: string): string | null {
  if (!existsSync(join(root, 'node_modules'))) return 'there is no node_modules here: run npm ci'
  const laid = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(laid)) return null
  const [here, meant] = [packagesIn(laid), packagesIn(join(root, 'package-lock.json'))]
  const strays = [...new Set([...Object.keys(meant), ...Object.keys(here)])].filter((path) =>
    isStray(path, here, meant),
  )
  const [first] = strays
  if (first === undefined) return null
  const others = strays.length === 1 ? '' : ` and ${strays.length - 1} more`
  return `${wordsFor(first, here, meant)}${others}: run npm ci; until then nothing else was checked`
}

/** The first entry is the house itself. */
function isStray(path: string, here: Packages, meant: Packages): boolean {
  if (path === '') return false
  const [laid, asked] = [here[path], meant[path]]
  if (laid === undefined) return asked?.optional !== true
  return asked === undefined || laid.version !== asked.version
}

function wordsFor(path: string, here: Packages, meant: Packages): string {
  const version = (packages: Packages) => packages[path]?.version ?? 'none'
  return `${path} is ${version(here)} here and ${version(meant)} in package-lock.json`
}

function packagesIn(path: string): Packages {
  return (JSON.parse(readFileSync(path, 'utf8')) as Readonly<{ packages: Packages }>).packages
}
