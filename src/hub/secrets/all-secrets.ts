import type { TeamConfig } from '../../config/config.ts'
import { readSecretsOf } from './read-secrets.ts'

/** Those of all environments. One whose secrets cannot be opened here has none that could be recognized. */
export async function valuesOfSecrets(
  options: Parameters<typeof readSecretsOf>[0],
  known: TeamConfig | null,
): Promise<readonly string[]> {
  const environments = new Set(
    Object.values(known?.apps ?? {}).flatMap((app) => Object.keys(app.environments)),
  )
  const each = [...environments, 'infra'].map((environment) =>
    readSecretsOf(options, environment).catch(() => new Map<string, string>()),
  )
  return (await Promise.all(each)).flatMap((values) => [...values.values()])
}
