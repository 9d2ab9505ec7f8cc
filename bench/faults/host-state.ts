import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabHost } from '../../lab/host.ts'
import { type Tree, treeOf } from '../lib/tree.ts'
import {
  editedFile,
  faultsRoot,
  type Generation,
  loadedFile,
  packageName,
  serviceConfig,
} from './generation.ts'
import { programsOn } from './strikes.ts'
import { strayNames } from './verdict.ts'

/** All that an apply of a generation alters in files. */
export const lookAt = (host: LabHost): Tree => treeOf(host.root, [faultsRoot, serviceConfig, editedFile])

/** Why a host is not of a generation, though its apply has ended well; nothing when it is. */
export async function notAs(host: LabHost, generation: Generation): Promise<readonly string[]> {
  const { texts, packageVersion, number } = generation
  const other = [...texts].filter(([path, text]) => textAt(host, path) !== text).map(([path]) => path)
  const edited = textAt(host, editedFile)
    .split('\n')
    .filter((line) => line === `generation = ${number}`)
  const { stdout } = await host.exec([
    'dpkg-query',
    '-W',
    '-f',
    '${db:Status-Abbrev} ${Version}',
    packageName,
  ])
  return [
    ...other.map((path) => `${host.name} has other bytes at ${path}`),
    ...(edited.length === 1 ? [] : [`${host.name} has the line ${edited.length} times`]),
    ...(stdout === `ii  ${packageVersion}` ? [] : [`${host.name} has the package ${JSON.stringify(stdout)}`]),
  ]
}

/** Whether the service has loaded another configuration than there is: a restart that never came. */
export function lostRestart(host: LabHost): string | null {
  const [loaded, there] = [textInRun(host), textAt(host, serviceConfig)]
  return loaded === there ? null : `${host.name} runs with ${loaded.trim()}, and has ${there.trim()}`
}

/** What a change that is over must not have left on a host. */
export async function leftoversOn(host: LabHost, generation: Generation): Promise<readonly string[]> {
  const names = strayNames(treeOf(host.root, [faultsRoot, '/etc']), generation.paths, faultsRoot)
  const owed = namesIn(join(host.root, 'var/lib/tandem/owed'))
  const audit = (await host.exec(['dpkg', '--audit'])).stdout.trim()
  const units = (await host.exec(['systemctl', 'list-units', '--all', '--no-legend', '--plain', 'tandem-*']))
    .stdout
  const programs = programsOn(host)
  return [
    ...names,
    ...owed.map((name) => `owed: ${name}`),
    ...(audit === '' ? [] : [`dpkg: ${audit.slice(0, 200)}`]),
    ...(units === '' ? [] : [`units: ${units.trim()}`]),
    ...programs.map((pid) => `a program still runs: ${pid}`),
  ].map((what) => `${host.name}: ${what}`)
}

function textAt(host: LabHost, path: string): string {
  const file = join(host.root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

// /run is in the memory of the host: only its own processes see it.
function textInRun(host: LabHost): string {
  const file = `/proc/${host.leader()}/root${loadedFile}`
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])
