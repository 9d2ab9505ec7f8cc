import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Vault } from '../config/secrets.ts'
import { type Args, usage } from './args.ts'
import { askSecret } from './ask-secret.ts'
import { type Command, hubOptions, option } from './command.ts'
import { projectNeeded } from './hubs/project.ts'
import { ownIdentity, recipientOf } from './identity.ts'
import type { World } from './world.ts'

const usualEnvironment = 'production'

export const command: Command = {
  usage: [
    'secret set NAME [--in ENVIRONMENT]',
    'secret remove NAME [--in ENVIRONMENT]',
    'secret list [--in ENVIRONMENT]',
    'secret seal [--in ENVIRONMENT]',
    'secret key',
  ],
  about:
    'Secrets of an environment, encrypted with age in secrets/ENVIRONMENT.env.age for everybody in secrets/recipients. ' +
    'Values are typed or piped in, never shown. `seal` encrypts anew after the recipients changed; `key` prints your line.',
  options: {
    in: option('ENV', `the environment (otherwise: ${usualEnvironment})`),
    project: hubOptions['project'] ?? option('DIR', 'the folder of tandem.ts'),
  },
  most: 2,
  run: async (args, world) => {
    const [action, name] = args.words
    const dir = projectNeeded(args, world)
    const act = actions[action ?? '']
    const needsName = action === 'set' || action === 'remove'
    if (act === undefined || needsName !== (name !== undefined)) {
      throw usage('secret what?', 'write `tandem secret set NAME`, `remove NAME`, `list`, `seal` or `key`')
    }
    const environment = args.text('in') ?? usualEnvironment
    const done = await act({ dir, environment, identity: await ownIdentity(world) }, name ?? '', world)
    world.out(shown(done, args))
    return 0
  },
}

type Done = Readonly<{ text: string; json: unknown }>
type Act = (vault: Vault, name: string, world: World) => Promise<Done>

const actions: Readonly<Record<string, Act>> = {
  set: async (vault, name, world) => {
    const [{ setSecret }, { Secret }] = await Promise.all([
      import('../config/secrets.ts'),
      import('../config/secret.ts'),
    ])
    await beginRecipients(vault, world)
    await setSecret(vault, name, new Secret(await askSecret(world, `value of ${name}`)))
    return { text: `${name} is set for ${vault.environment}; commit secrets/`, json: { set: name } }
  },
  remove: async (vault, name) => {
    const { removeSecret } = await import('../config/secrets.ts')
    await removeSecret(vault, name)
    return { text: `${name} is gone from ${vault.environment}; commit secrets/`, json: { removed: name } }
  },
  list: async (vault) => {
    const { listSecretNames } = await import('../config/secrets.ts')
    const names = await listSecretNames(vault)
    return {
      text: names.length === 0 ? `no secrets for ${vault.environment}` : names.join('\n'),
      json: { names },
    }
  },
  seal: async (vault) => {
    const { sealAgain } = await import('../config/secrets.ts')
    await sealAgain(vault)
    return {
      text: `encrypted anew for ${vault.environment}; commit secrets/`,
      json: { sealed: vault.environment },
    }
  },
  key: async (vault) => {
    const recipient = await recipientOf(vault.identity)
    return { text: recipient, json: { recipient } }
  },
}

/** The first secret of a project is for the one who sets it; the others are added by name afterwards. */
async function beginRecipients({ dir, identity }: Vault, world: World): Promise<void> {
  const path = join(dir, 'secrets', 'recipients')
  if (existsSync(path)) return
  await mkdir(join(dir, 'secrets'), { recursive: true })
  await writeFile(
    path,
    `# who can read the secrets: public keys of age, one in a line\n${await recipientOf(identity)} # ${world.user}\n`,
  )
  world.err('made secrets/recipients: add the keys of your team and of the hub there (`tandem secret key`)')
}

const shown = (done: Done, args: Args): string => (args.has('json') ? JSON.stringify(done.json) : done.text)
