/** Where a secret is put by a recipe. */
export const places = ['file', 'template', 'password', 'env'] as const
export type Place = (typeof places)[number]

/** What happens around it. */
export const mishaps = [
  'nothing',
  'only planned',
  'a step after it fails',
  'it is refused by its check',
  'the disk is full',
  'the cable is cut',
  'the program is killed',
  'the hub is killed',
  'the host loses power',
  'it is reverted',
] as const
export type Mishap = (typeof mishaps)[number]

export type Scenario = Readonly<{
  number: number
  place: Place
  mishap: Mishap
  secret: string
  path: string
}>

/** Each place with each mishap. */
export const scenarios: readonly Scenario[] = places.flatMap((place, row) =>
  mishaps.map((mishap, column) => {
    const number = row * mishaps.length + column + 1
    return { number, place, mishap, secret: `CANARY_${number}`, path: `/srv/secret/${place}-${number}` }
  }),
)

const text = (value: string): string => JSON.stringify(value)

/** The recipe of a scenario: a folder, a step that takes a moment, the secret in its place, and a step after it. */
export function recipeOf({ number, place, mishap, secret, path }: Scenario): string {
  const value = `\${secret('${secret}')}`
  const check = mishap === 'it is refused by its check' ? ", check: ['grep', '-q', 'never in it', '%']" : ''
  const last = mishap === 'a step after it fails' ? 'exit 3' : 'sleep 1'
  const calls = [
    `directory('/srv/secret')`,
    `exec('before ${number}', { command: 'sleep 1' })`,
    secretCall(),
    `exec('after ${number}', { command: ${text(last)} })`,
  ]
  return calls.map((call) => `  ${call},\n`).join('')

  function secretCall(): string {
    switch (place) {
      case 'file':
        return `file(${text(path)}, { content: \`password = ${value}\\n\`, mode: '0600'${check} })`
      case 'template':
        return `template(${text(path)}, { text: 'password = {{ password }}\\n', vars: { password: \`${value}\` }, mode: '0600'${check} })`
      case 'password':
        return `user('secretive', { password: \`${value}\` })`
      case 'env':
        return `exec('spill ${number}', { command: ${text(spill(path, check !== ''))}, env: { SECRET: \`${value}\` } })`
    }
  }
}

/** A program that says its secret aloud in each way that must be masked, and puts it where only root reads. */
function spill(path: string, fails: boolean): string {
  const lines = [
    `umask 077; printf %s "$SECRET" >${path}`,
    'echo "the secret is $SECRET"',
    'printf %s "$SECRET" | base64 -w0 >&2',
    'echo "between $SECRET and more" >&2',
  ]
  return [...lines, ...(fails ? ['exit 3'] : [])].join('; ')
}

/** The files of a host in which the secret of a scenario may stand. */
export function mayHold({ place, path }: Scenario, file: string): boolean {
  // What was there before a change is kept on the host for an undo, in a folder of root's.
  if (file.startsWith('/var/lib/tandem/undo/')) return true
  return place === 'password' ? /^\/etc\/shadow-?$/.test(file) : file === path
}
