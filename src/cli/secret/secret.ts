import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Vault } from '../../config/secrets/secrets.ts'
import { type Args, usage } from '../args.ts'
import { askSecret } from '../ask-secret.ts'
import { type Command, hubOptions, option } from '../command.ts'
import { projectNeeded } from '../hub/reach/project.ts'
import { ownIdentity, recipientOf } from './identity.ts'
import type { World } from '../world.ts'

const usualEnvironment = 'production'

export const command: Command = {
  usage: [
    'secret set NAME [--in ENVIRONMENT]',
    'secret rotate NAME [--in ENVIRONMENT]',
    'secret edit [--in ENVIRONMENT]',
    'secret remove NAME [--in ENVIRONMENT]',
    'secret list [--in ENVIRONMENT]',
    'secret add-person NAME AGE-RECIPIENT',
    'secret remove-person NAME',
    'secret seal [--in ENVIRONMENT]',
    'secret key',
  ],
  about:
    'Secrets of an environment, encrypted with age in secrets/ENVIRONMENT.env.age for everybody in secrets/recipients. ' +
    'Values are typed or piped in, never shown; `edit` opens all of them in your editor, in memory only. Those of recipes ' +
    'are in the environment `infra`. `key` prints your line for `add-person`.',
  options: {
    in: option('ENV', `the environment (otherwise: ${usualEnvironment}; for seal: all)`),
    project: hubOptions['project'] ?? option('DIR', 'the folder of tandem.ts'),
  },
  most: 3,
  run: async (args, world) => {
    const [action = '', ...words] = args.words
    const dir = projectNeeded(args, world)
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (act === undefined || words.length !== act.words) {
      throw usage(
        'secret what?',
        'write `tandem secret set NAME`, `edit`, `list`, or see `tandem help secret`',
      )
    }
    const named = args.text('in')
    const environment = environmentIn(named ?? usualEnvironment)
    const vault = { dir, environment, identity: await ownIdentity(world) }
    const done = await act.run(vault, words, { world, isAll: named === null })
    world.out(shown(done, args))
    return 0
  },
}

type Done = Readonly<{ text: string; json: unknown }>
type Around = Readonly<{ world: World; /** No environment was named. */ isAll: boolean }>
type Act = Readonly<{
  /** How many it takes after its name. */
  words: number
  run: (vault: Vault, words: readonly string[], around: Around) => Promise<Done>
}>

const actions: Readonly<Record<string, Act>> = {
  set: { words: 1, run: set },
  rotate: { words: 1, run: rotate },
  edit: { words: 0, run: edit },
  remove: { words: 1, run: remove },
  list: { words: 0, run: list },
  'add-person': { words: 2, run: addSomebody },
  'remove-person': { words: 1, run: removeSomebody },
  seal: { words: 0, run: seal },
  key: { words: 0, run: key },
}

async function set(vault: Vault, [name = '']: readonly string[], { world }: Around): Promise<Done> {
  const [{ setSecret }, { Secret }] = await Promise.all([
    import('../../config/secrets/secrets.ts'),
    import('../../config/secrets/secret.ts'),
  ])
  await beginRecipients(vault, world)
  await setSecret(vault, name, new Secret(await askSecret(world, `value of ${name}`)))
  return { text: `${name} is set for ${vault.environment}; commit secrets/`, json: { set: name } }
}

/** As `set`, for a secret that is there; and it says who has to hear of the new value. */
async function rotate(vault: Vault, [name = '']: readonly string[], { world }: Around): Promise<Done> {
  const [{ readSecrets, setSecret }, { Secret }, { usesOf }] = await Promise.all([
    import('../../config/secrets/secrets.ts'),
    import('../../config/secrets/secret.ts'),
    import('./uses.ts'),
  ])
  const { environment } = vault
  const secrets = await readSecrets(vault)
  const old = secrets.get(name)
  if (old === undefined) {
    throw usage(
      `there is no secret ${name} for ${environment}`,
      `there are: ${[...secrets.keys()].join(', ')}`,
    )
  }
  const value = await askSecret(world, `new value of ${name}`)
  if (value === old.reveal()) throw usage(`this is the value that ${name} has already`, 'give another one')
  await setSecret(vault, name, new Secret(value))
  const uses = await usesOf(vault.dir, { name, environment })
  const lines = [`${name} has a new value for ${environment}; commit secrets/`]
  if (uses === null) lines.push('nobody can tell who uses it: tandem.ts cannot be read')
  else if (uses.by.length === 0) lines.push('nobody uses it, as far as tandem.ts tells')
  else lines.push(`used by ${uses.by.join('; ')}`, ...uses.next.map((order) => `next: ${order}`))
  return { text: lines.join('\n'), json: { rotated: name, uses } }
}

async function edit(vault: Vault, _: readonly string[], { world }: Around): Promise<Done> {
  const [{ listSecretNames, readSecrets, replaceSecrets }, { Secret }, { editSecrets }] = await Promise.all([
    import('../../config/secrets/secrets.ts'),
    import('../../config/secrets/secret.ts'),
    import('./edit.ts'),
  ])
  const { environment } = vault
  const isFirst = (await listSecretNames(vault)).length === 0
  const seen = isFirst ? new Map<string, InstanceType<typeof Secret>>() : await readSecrets(vault)
  const before = new Map([...seen].map(([name, secret]) => [name, secret.reveal()]))
  const after = await editSecrets(world, environment, before)
  const altered = [...after].flatMap(([name, value]) => (before.get(name) === value ? [] : [name]))
  const gone = [...before.keys()].filter((name) => !after.has(name))
  if (altered.length + gone.length === 0)
    return { text: `nothing was altered for ${environment}`, json: { set: [], removed: [] } }
  await beginRecipients(vault, world)
  await replaceSecrets(vault, seen, new Map([...after].map(([name, value]) => [name, new Secret(value)])))
  const parts = [
    ...(altered.length === 0 ? [] : [`set: ${altered.join(', ')}`]),
    ...(gone.length === 0 ? [] : [`gone: ${gone.join(', ')}`]),
  ]
  return {
    text: `${parts.join('; ')} for ${environment}; commit secrets/`,
    json: { set: altered, removed: gone },
  }
}

async function remove(vault: Vault, [name = '']: readonly string[]): Promise<Done> {
  const { removeSecret } = await import('../../config/secrets/secrets.ts')
  await removeSecret(vault, name)
  return { text: `${name} is gone from ${vault.environment}; commit secrets/`, json: { removed: name } }
}

async function list(vault: Vault): Promise<Done> {
  const { listSecretNames } = await import('../../config/secrets/secrets.ts')
  const names = await listSecretNames(vault)
  return {
    text: names.length === 0 ? `no secrets for ${vault.environment}` : names.join('\n'),
    json: { names },
  }
}

async function addSomebody(vault: Vault, [name = '', recipient = '']: readonly string[]): Promise<Done> {
  const { addPerson } = await import('../../config/secrets/people.ts')
  const sealed = await addPerson(vault, name, recipient)
  return {
    text: `${name} can read ${inWords(sealed)}; commit secrets/`,
    json: { added: name, sealed },
  }
}

async function removeSomebody(vault: Vault, [name = '']: readonly string[]): Promise<Done> {
  const { removePerson } = await import('../../config/secrets/people.ts')
  const sealed = await removePerson(vault, name)
  const lines = [
    `${name} cannot read what is written from now on: ${inWords(sealed)} encrypted anew; commit secrets/`,
    `what they have read they know, and git keeps the old files: give new values with \`tandem secret rotate\``,
  ]
  return { text: lines.join('\n'), json: { removed: name, sealed } }
}

async function seal(vault: Vault, _: readonly string[], { isAll }: Around): Promise<Done> {
  const [{ sealAgain }, { sealAll }] = await Promise.all([
    import('../../config/secrets/secrets.ts'),
    import('../../config/secrets/people.ts'),
  ])
  if (!isAll) await sealAgain(vault)
  const sealed = isAll ? await sealAll(vault) : [vault.environment]
  return { text: `${inWords(sealed)} encrypted anew; commit secrets/`, json: { sealed } }
}

async function key(vault: Vault): Promise<Done> {
  const recipient = await recipientOf(vault.identity)
  return { text: recipient, json: { recipient } }
}

const inWords = (environments: readonly string[]): string =>
  environments.length === 0
    ? 'no secrets, as there are none yet,'
    : `the secrets of ${environments.join(', ')}`

/** It becomes the name of a file. */
function environmentIn(name: string): string {
  if (/^[a-z][a-z0-9-]{0,23}$/.test(name)) return name
  throw usage(`--in ${name} is no name of an environment`, 'use small letters, digits and dashes')
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
  world.err('made secrets/recipients: add your team and the hub with `tandem secret add-person NAME KEY`')
}

const shown = (done: Done, args: Args): string => (args.has('json') ? JSON.stringify(done.json) : done.text)
