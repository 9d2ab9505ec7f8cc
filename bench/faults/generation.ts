import { recipeText } from '../wishes/recipe-text.ts'
import { type Wish, usualAccess } from '../wishes/wish.ts'

/** One state of a host under strikes: each generation alters all that the one before it has left. */
export type Generation = Readonly<{
  number: number
  recipe: string
  /** What the recipe reads, by name beside `tandem.ts`. */
  files: Readonly<Record<string, string>>
  /** By path: the bytes of every file of it. */
  texts: ReadonlyMap<string, string>
  /** Everything that may lie in its folder. */
  paths: ReadonlySet<string>
  packageVersion: string
}>

export const faultsRoot = '/srv/faults'
export const serviceConfig = '/etc/faulty.conf'
export const editedFile = '/etc/faulty-settings'
/** The service writes here what it has loaded when it starts. */
export const loadedFile = '/run/faulty.loaded'
export const packageName = 'faulty-tool'

const files = 6
const large = `${faultsRoot}/large`
const largeRecipe = `  file('${large}', { source: 'large.txt' }),\n`
const largeLine = 'a line of the large file, long enough to take some time\n'
const largeLines = 50_000

export function generationOf(number: number): Generation {
  const access = { ...usualAccess, mode: number % 2 === 0 ? 0o600 : 0o644 }
  const textOf = (path: string): string => `${path} of generation ${number}\n`
  const text = (path: string): Wish => ({ sort: 'file', path, text: textOf(path), ...access })
  const now = `${faultsRoot}/only-${number % 2}`
  const before = `${faultsRoot}/only-${(number + 1) % 2}`
  const folder = (path: string): Wish => ({ sort: 'directory', path, ...usualAccess, mode: 0o755 })
  const wishes: readonly Wish[] = [
    folder(faultsRoot),
    folder(`${faultsRoot}/in`),
    ...Array.from({ length: files }, (_, nth) => text(`${faultsRoot}/in/file-${nth}`)),
    folder(now),
    text(`${now}/file`),
    { sort: 'absent', path: before, all: true },
    { sort: 'link', path: `${faultsRoot}/current`, to: `generation-${number}` },
    { sort: 'line', path: editedFile, line: `generation = ${number}`, replaces: 'generation =' },
    {
      sort: 'user',
      name: 'faulty',
      home: '/home/faulty',
      loginShell: number % 2 === 0 ? '/bin/sh' : '/bin/bash',
    },
  ]
  const largeText = textOf(large) + largeLine.repeat(largeLines)
  const version = String(1 + (number % 2))
  const written = wishes.flatMap((wish) => (wish.sort === 'file' ? [[wish.path, wish.text] as const] : []))
  const paths = wishes.flatMap((wish) => ('path' in wish && wish.sort !== 'absent' ? [wish.path] : []))
  return {
    number,
    recipe: recipeText(wishes) + largeRecipe + serviceText(number) + packageText(version),
    files: { 'large.txt': largeText },
    texts: new Map([...written, [large, largeText], [serviceConfig, configOf(number)]]),
    paths: new Set([large, ...paths].filter((path) => path.startsWith(faultsRoot))),
    packageVersion: version,
  }
}

const configOf = (number: number): string => `generation = ${number}\n`

function serviceText(number: number): string {
  const unit = `[Service]
ExecStart=/bin/sh -c 'cat ${serviceConfig} >${loadedFile}; exec sleep infinity'
[Install]
WantedBy=multi-user.target
`
  const config = `file(${JSON.stringify(serviceConfig)}, { content: ${JSON.stringify(configOf(number))} })`
  const asked = '{ running: true, enabled: true, restartOn: conf, after: unit }'
  return `  ...((conf, unit) => [conf, unit, service('faulty', ${asked})])(
    ${config},
    unit('faulty.service', { content: ${JSON.stringify(unit)} }),
  ),
`
}

const packageText = (version: string): string => `  apt('${packageName}', { version: '${version}' }),\n`
