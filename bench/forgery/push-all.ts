import { run } from '../../lab/run.ts'
import { gitEnv } from '../../e2e/repos/served-hub.ts'
import type { ServedSsh } from '../../e2e/repos/served-ssh.ts'
import type { Door } from './followed-team.ts'
import type { HostilePack } from './hostile/packs.ts'
import type { Ground } from './hostile/ground.ts'

const limitMs = 120_000
const branches = '+refs/heads/*:refs/heads/*'
const tags = '+refs/tags/*:refs/tags/*'

/** Pushes all that a repository has; where that is refused, the trunk alone. Says what was taken. */
export async function pushByHttp(
  { url, token }: Door,
  ground: Ground,
  repo: string,
): Promise<'all' | 'trunk' | 'nothing'> {
  const to = `${url.replace('//', `//x:${token}@`)}/git/${repo}.git`
  if (await pushed(ground, to, [branches, tags], gitEnv)) return 'all'
  return (await pushed(ground, to, ['refs/heads/main:refs/heads/main'], gitEnv)) ? 'trunk' : 'nothing'
}

/** As `pushByHttp`, over SSH, all or nothing. */
export async function pushBySsh(sshd: ServedSsh, ground: Ground, repo: string): Promise<'all' | 'nothing'> {
  const env = sshd.envAs('ada')
  return (await pushed(ground, sshd.url(repo), [branches, tags], env)) ? 'all' : 'nothing'
}

async function pushed(
  { dir }: Ground,
  to: string,
  refs: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const words = ['-o', 'detach', '--quiet', '--no-verify', to, ...refs]
  return (await run(['git', '-C', dir, 'push', ...words], { env, timeoutMs: limitMs })).code === 0
}

/** Sends bytes where git would send a push. Says what the hub answered, in a word. */
export async function sendPack({ url, token }: Door, repo: string, { body }: HostilePack): Promise<string> {
  const headers = {
    authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}`,
    'content-type': 'application/x-git-receive-pack-request',
  }
  const asked = { method: 'POST', headers, body: body(), signal: AbortSignal.timeout(limitMs) }
  try {
    const answer = await fetch(`${url}/git/${repo}.git/git-receive-pack`, asked)
    const said = (await answer.text()).replaceAll(/[^ -~]+/g, ' ')
    return `${answer.status} ${said.slice(0, 90)}`
  } catch (thrown) {
    return `cut off: ${String(thrown)}`
  }
}
