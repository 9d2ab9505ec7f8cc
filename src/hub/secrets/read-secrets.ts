import type { Secret } from '../../config/secrets/secret.ts'

type Around = Readonly<{
  projectDir: string
  /** The key that opens the team's secrets. */
  identity: () => Promise<Secret>
}>

/** The values of an environment's secrets, read anew each time with the key of whoever runs the hub. */
export async function readSecretsOf(
  { projectDir, identity }: Around,
  environment: string,
): Promise<ReadonlyMap<string, string>> {
  const { readSecrets } = await import('../../config/secrets/secrets.ts')
  const values = await readSecrets({ dir: projectDir, environment, identity: await identity() })
  return new Map([...values].map(([name, value]) => [name, value.reveal()]))
}
