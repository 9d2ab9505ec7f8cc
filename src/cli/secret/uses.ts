import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TeamConfig } from '../../config/config.ts'

/** The environment whose secrets recipes name. */
const infraEnvironment = 'infra'

/** Who uses a secret, as far as tandem.ts tells, and the orders that bring them its new value. */
export type Uses = Readonly<{ by: readonly string[]; next: readonly string[] }>

/** `null`: tandem.ts cannot be read, so nobody can tell. */
export async function usesOf(
  dir: string,
  secret: Readonly<{ name: string; environment: string }>,
): Promise<Uses | null> {
  const { loadConfig } = await import('../../config/reading/load.ts')
  const loaded = await loadConfig(dir).catch(() => null)
  if (loaded === null) return null
  if (secret.environment !== infraEnvironment) return usesByApps(loaded.config, secret)
  const places = await Promise.all(loaded.files.map((file) => placesIn(dir, file, secret.name)))
  return { by: places.flat(), next: places.flat().length === 0 ? [] : ['tandem apply'] }
}

function usesByApps(
  { apps }: TeamConfig,
  { name, environment }: Readonly<{ name: string; environment: string }>,
): Uses {
  const users = Object.entries(apps).flatMap(([app, { secrets, environments }]) => {
    const place = environments[environment]
    return secrets.includes(name) && place !== undefined ? [{ app, hosts: place.hosts }] : []
  })
  return {
    by: users.map(({ app, hosts }) => `${app} on ${hosts.join(', ')}`),
    next: users.map(({ app }) => `tandem deploy ${app} --to ${environment}`),
  }
}

/** Where the files that tandem.ts is made of write `secret('NAME')`. */
async function placesIn(dir: string, file: string, name: string): Promise<readonly string[]> {
  const text = await readFile(join(dir, file), 'utf8').catch(() => '')
  const call = new RegExp(`\\bsecret\\(\\s*['"\`]${name}['"\`]`)
  return text.split('\n').flatMap((line, at) => (call.test(line) ? [`${file}:${at + 1}`] : []))
}
