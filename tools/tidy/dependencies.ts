import { dependencyPage } from './documents.ts'
import { type Finding, lineAt, type SourceFile } from './source.ts'

/** The parts of a package.json that the rules read. */
type Package = Readonly<{ dependencies: readonly Wanted[]; devDependencies: readonly Wanted[] }>
type Wanted = Readonly<{ name: string; version: string }>

function isPackage({ path }: SourceFile): boolean {
  return path === 'package.json' || path.endsWith('/package.json')
}

function parse({ text }: SourceFile): Package {
  const json: unknown = JSON.parse(text)
  return { dependencies: wanted(json, 'dependencies'), devDependencies: wanted(json, 'devDependencies') }
}

function wanted(json: unknown, section: string): readonly Wanted[] {
  return [...entriesOf(entriesOf(json).get(section))].map(([name, version]) => ({
    name,
    version: String(version),
  }))
}

/** Versions that leave to chance what is installed. A `file:` path within the tree is exact by nature. */
export function looseVersions(files: readonly SourceFile[]): readonly Finding[] {
  return files.filter(isPackage).flatMap((file) => {
    const { dependencies, devDependencies } = parse(file)
    return [...dependencies, ...devDependencies]
      .filter(({ version }) => !/^(\d+\.\d+\.\d+(-[\w.]+)?|file:.+)$/.test(version))
      .map(({ name, version }) => ({
        path: file.path,
        line: lineAt(file.text, file.text.indexOf(`"${name}"`)),
        says: `${name} is wanted as "${version}"; write the exact version`,
      }))
  })
}

/** Dependencies nobody has accounted for, and accounts of those that are gone. One table row each: `| \`name\` | …`. */
export function unexplainedDependencies(files: readonly SourceFile[]): readonly Finding[] {
  const root = files.find(({ path }) => path === 'package.json')
  if (root === undefined) return []
  const { dependencies, devDependencies } = parse(root)
  const names = [...dependencies, ...devDependencies].map(({ name }) => name)
  const page = files.find(({ path }) => path === dependencyPage) ?? { path: dependencyPage, text: '' }
  const rows = [...page.text.matchAll(/^\| *`([^`]+)` *\|/gm)]
  const explained = rows.map((row) => row[1] ?? '')
  const missing = names
    .filter((name) => !explained.includes(name))
    .map((name) => ({
      path: 'package.json',
      line: lineAt(root.text, root.text.indexOf(`"${name}"`)),
      says: `${name} has no row in ${dependencyPage}; say there what it is for and what it costs`,
    }))
  const gone = rows
    .filter((row) => !names.includes(row[1] ?? ''))
    .map((row) => ({
      path: page.path,
      line: lineAt(page.text, row.index),
      says: `${row[1] ?? ''} is not a dependency any more; take its row out`,
    }))
  return [...missing, ...gone]
}

/** The SDK goes into other people's programs and brings nothing along. */
export function sdkDependencies(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter(({ path }) => path === 'sdk/package.json')
    .flatMap((file) =>
      parse(file).dependencies.map(({ name }) => ({
        path: file.path,
        line: lineAt(file.text, file.text.indexOf(`"${name}"`)),
        says: `the sdk has no runtime dependencies; do without ${name}`,
      })),
    )
}

/**
 * Packages the lock file asks for and does not hold. npm leaves out those of other platforms when its registry or its
 * `node_modules` lacks them, and `npm ci` then refuses everywhere.
 */
export function holesInLock(files: readonly SourceFile[]): readonly Finding[] {
  const lock = files.find(({ path }) => path === 'package-lock.json')
  if (lock === undefined) return []
  const json: unknown = JSON.parse(lock.text)
  const packages = new Map(entriesOf(entriesOf(json).get('packages')))
  const missing = [...packages].flatMap(([from, entry]) =>
    [
      ...entriesOf(entriesOf(entry).get('dependencies')),
      ...entriesOf(entriesOf(entry).get('optionalDependencies')),
    ]
      .map(([name]) => name)
      .filter((name) => !isHeld(from, name, packages)),
  )
  if (missing.length === 0) return []
  const some = `${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}`
  const says = `${some} not held, so that npm ci refuses in a fresh clone; make the lock file anew where npm sees them`
  return [{ path: lock.path, line: 1, says }]
}

/** Node looks for a package inside who asks for it, then one folder further out, and so on. */
function isHeld(from: string, name: string, packages: ReadonlyMap<string, unknown>): boolean {
  const parts = from === '' ? [] : from.split('/node_modules/')
  const folders = parts.map((_, at) => `${parts.slice(0, parts.length - at).join('/node_modules/')}/`)
  return [...folders, ''].some((folder) => packages.has(`${folder}node_modules/${name}`))
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
}
