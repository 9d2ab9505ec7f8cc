import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { troubleOf } from '../../change/trouble.ts'
import { holderOf, type World } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'

const places =
  /^\/git\/([a-z][a-z0-9-]{0,23})\.git\/(?:(info\/refs)\?service=(git-upload-pack|git-receive-pack)|(git-upload-pack|git-receive-pack))$/

export const isForGit = ({ url = '' }: IncomingMessage): boolean => url.startsWith('/git/')

/**
 * The way in for git itself: three addresses for each repository, as they are written, and a token of the team as the
 * password. A cookie is worth nothing here.
 */
export function gitDoor(side: HubSide, world: World): RequestListener {
  return (request, response) => {
    answer(side, world, request, response).catch((thrown: unknown) => {
      world.broke(`${request.method} ${request.url}`, thrown)
      if (response.headersSent) response.destroy()
      else say(response, 500, troubleOf(thrown).what)
    })
  }
}

async function answer(
  side: HubSide,
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, repo = '', refs, asked, pack] = places.exec(request.url ?? '') ?? []
  const service = asked ?? pack
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
    return say(response, 404, 'there is nothing here but repositories: /git/NAME.git')
  }
  if (request.method !== (refs === undefined ? 'POST' : 'GET')) return say(response, 405, 'not in this way')
  if (refs === undefined && request.headers['content-type'] !== `application/x-${service}-request`) {
    return say(response, 415, `the body is not what ${service} takes`)
  }
  const secret = passwordOf(request)
  if (secret === null) return challenge(response, 'your password here is a token of `tandem token new`')
  try {
    const { token, may } = await holderOf(side, secret, world.now())
    const who = { who: token.person, mayPush: may === 'everything' }
    const place = refs === undefined ? service : 'info/refs'
    return await side.repos.git({ repo, place, service, ...who }, request, response)
  } catch (thrown) {
    if (!(thrown instanceof RefusedError)) throw thrown
    const text = `${thrown.trouble.what}; ${thrown.trouble.now}`
    if (thrown.status === 401) return challenge(response, text)
    return say(response, thrown.status, text)
  }
}

/** Git asks for a name too; the token says who it is, whatever the name. */
function passwordOf({ headers }: IncomingMessage): string | null {
  const written = /^Basic +([A-Za-z0-9+/=]{1,1000})$/i.exec(headers.authorization ?? '')?.[1]
  if (written === undefined) return null
  const pair = Buffer.from(written, 'base64').toString('utf8')
  const at = pair.indexOf(':')
  return at === -1 || at === pair.length - 1 ? null : pair.slice(at + 1)
}

function challenge(response: ServerResponse, text: string): void {
  response.setHeader('www-authenticate', 'Basic realm="tandem", charset="UTF-8"')
  say(response, 401, text)
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What is left of the body is not read.
    ...(status === 401 ? {} : { connection: 'close' }),
  })
  response.end(`${text}\n`)
}
