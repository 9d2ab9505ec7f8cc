import { TroubleError } from '../../../change/trouble.ts'
import { usage } from '../../args.ts'
import type { Logins } from './logins.ts'

/** Which hub a command speaks to. `here`: the one of the project itself, whether one runs on it or not. */
export type Choice = Readonly<
  { type: 'away'; url: string; token: string } | { type: 'here'; project: string }
>

export type Known = Readonly<{
  /** --hub */
  named: string | null
  env: Readonly<Record<string, string | undefined>>
  logins: Logins
  project: string | null
}>

/** --hub, then TANDEM_HUB, then the login of this project, then this project itself, then the only login. */
export function chooseHub(known: Known): Choice {
  const { env, logins, project } = known
  const fromEnv =
    env['TANDEM_HUB'] === undefined || env['TANDEM_HUB'] === '' ? null : hubUrl(env['TANDEM_HUB'])
  const named = known.named === null ? null : hubUrl(known.named)
  const url = named ?? fromEnv ?? (project === null ? null : (logins.projects[project] ?? null))
  if (url !== null) return { type: 'away', url, token: tokenFor(url, fromEnv, known) }
  if (project !== null) return { type: 'here', project }
  const [only, ...others] = Object.entries(logins.tokens)
  if (only !== undefined && others.length === 0) return { type: 'away', url: only[0], token: only[1] }
  throw noHub(Object.keys(logins.tokens))
}

/** A token in the environment is for the hub in the environment, and is sent to no other. */
function tokenFor(url: string, fromEnv: string | null, { env, logins }: Known): string {
  const token = fromEnv === null || fromEnv === url ? env['TANDEM_TOKEN'] : undefined
  const known = token === undefined || token === '' ? logins.tokens[url] : token
  if (known !== undefined) return known
  throw new TroubleError({
    what: `there is no token for ${url}`,
    now: `log in with \`tandem login ${url}\`, or set TANDEM_TOKEN`,
  })
}

function noHub(urls: readonly string[]): TroubleError {
  if (urls.length > 0) {
    return new TroubleError({
      what: 'there is more than one hub you are logged in to, and no project here that says which',
      now: `name one with --hub: ${urls.join(', ')}`,
    })
  }
  return new TroubleError({
    what: 'there is no tandem.ts here or above, and no hub you are logged in to',
    now: 'go to your project, write one with `tandem init`, or log in with `tandem login URL`',
  })
}

/** The URL of a hub as people write it: the scheme may be left out, which means https save on this machine. */
export function hubUrl(written: string): string {
  const isHere = /^(localhost|127\.|\[::1\])/.test(written)
  const text = /^[a-z]+:\/\//i.test(written) ? written : `${isHere ? 'http' : 'https'}://${written}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw usage(`${written} is no URL of a hub`, 'write one like https://tandem.example.org')
  }
  return (url.origin + url.pathname).replace(/\/+$/, '')
}
