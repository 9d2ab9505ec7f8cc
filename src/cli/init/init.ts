import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { Fit } from './fit.ts'
import { type Machine, thisMachine, usualFolders } from './machine.ts'
import { type Project, readProject } from './project.ts'
import { fitProject } from './recognize.ts'
import { configText, type Settled } from './text.ts'
import { typesText } from './types.ts'

export type Initialized = Readonly<{
  /** The file that was written. */
  file: string
  /** What was found and written, in words, for people. */
  lines: string[]
  /** The next command. */
  next: string
}>

const mostPortsTried = 20
const typesFile = '.tandem/tandem.d.ts'

/**
 * Writes a `tandem.ts` that fits the project in `dir` and deploys it on this machine. Throws a `TroubleError` when there
 * is one already.
 */
export async function initProject(dir: string, machine: Machine = thisMachine): Promise<Initialized> {
  const file = join(dir, 'tandem.ts')
  const project = await readProject(dir)
  if (project.files.includes('tandem.ts')) throw isThere(file)
  const settled = await settle(project, fitProject(project), machine)
  const types = await typesText()
  await writeNew(file, configText(settled, types === null ? null : typesFile))
  if (types !== null) await writeTypes(dir, types)
  const isIgnoredNow = await ignoreState(dir)
  const lines = [
    ...foundLines(settled),
    `wrote ${file}`,
    ...(isIgnoredNow ? ['added .tandem/ to .gitignore'] : []),
  ]
  return { file, lines, next: await nextStep(dir, settled.fit, machine) }
}

async function settle(project: Project, fit: Fit, machine: Machine): Promise<Settled> {
  const app = appName(fit.name, project.folder)
  const port = fit.port === null || fit.isPortFixed ? fit.port : await freePort(fit.port, machine)
  const folder = fit.runtime === null ? null : await machine.folderOf(fit.runtime)
  const isUsual = folder === null || usualFolders.includes(folder)
  const env = isUsual ? fit.env : { ...fit.env, PATH: [folder, ...usualFolders].join(':') }
  return { app, fit: { ...fit, port, env } }
}

/** Small letters, digits and dashes: `@acme/Web Shop` is `web-shop`. */
function appName(written: string | null, folder: string): string {
  for (const name of [written ?? '', folder]) {
    const words = name
      .replace(/^@[^/]*\//, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
    const fitting = words
      .replace(/^[^a-z]+/, '')
      .slice(0, 24)
      .replace(/-+$/, '')
    if (fitting !== '' && fitting !== 'constructor') return fitting
  }
  return 'app'
}

async function freePort(wanted: number, machine: Machine): Promise<number> {
  for (let port = wanted; port < wanted + mostPortsTried; port++)
    if (await machine.isPortFree(port)) return port
  return wanted
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') throw isThere(file)
    throw thrown
  }
}

function isThere(where: string): TroubleError {
  const now = 'edit it, or move it away and run `tandem init` again'
  return new TroubleError({ what: 'there is a tandem.ts here already', where, now })
}

async function writeTypes(dir: string, types: string): Promise<void> {
  await mkdir(join(dir, '.tandem'), { recursive: true, mode: 0o700 })
  await writeFile(join(dir, typesFile), types)
}

/** Keeps what Tandem stores beside `tandem.ts` out of git; says whether a line had to be added. */
async function ignoreState(dir: string): Promise<boolean> {
  const path = join(dir, '.gitignore')
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return ''
    throw thrown
  })
  if (/^\/?\.tandem\/?\s*$/m.test(text)) return false
  await writeFile(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}.tandem/\n`)
  return true
}

function foundLines({ app, fit }: Settled): readonly string[] {
  const run = Object.entries(fit.run).map(([name, command]) => `  ${name}: ${command}`)
  return [
    `this looks like ${fit.kind}; it is called ${app}`,
    ...(fit.build === null ? [] : [`  build: ${fit.build.run}`]),
    ...run,
    ...(fit.port === null ? [] : [`  port: ${fit.port}`]),
  ]
}

async function nextStep(dir: string, fit: Fit, machine: Machine): Promise<string> {
  if (Object.keys(fit.run).length === 0)
    return 'write the command that starts it at run in tandem.ts, then `tandem deploy`'
  if (await machine.hasCommit(dir)) return 'tandem deploy'
  return "git init && git add -A && git commit -m 'Begin' && tandem deploy"
}
