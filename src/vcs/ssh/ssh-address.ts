import { readdir, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { sshDir } from './ssh-door.ts'

/** How people reach the repositories by SSH. */
export type SshAddress = Readonly<{ user: string; host: string; port: number }>

const usualPort = 22

/**
 * Where the SSH door is, as far as the configuration of this machine's sshd tells: null where it was not told of the door,
 * or nobody has said in `tandem.ts` what this machine is called. `etc` is the folder of that configuration.
 */
export async function sshAddress(
  stateDir: string,
  hubUrl: string | null,
  etc = '/etc/ssh',
): Promise<SshAddress | null> {
  if (hubUrl === null) return null
  const parts = join(etc, 'sshd_config.d')
  const names = (await readdir(parts).catch(() => [])).filter((name) => name.endsWith('.conf')).toSorted()
  const paths = [...names.map((name) => join(parts, name)), join(etc, 'sshd_config')]
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')))
  const lines = texts.flatMap((text) => text.split('\n').map((line) => line.trim()))
  const keys = join(sshDir(stateDir), 'authorized_keys')
  const isTold = lines.some((line) => /^AuthorizedKeysFile\s/i.test(line) && line.split(/\s+/).includes(keys))
  if (!isTold) return null
  const port = lines.map((line) => /^Port\s+(\d+)$/i.exec(line)?.[1]).find((one) => one !== undefined)
  return { user: userInfo().username, host: new URL(hubUrl).hostname, port: Number(port ?? usualPort) }
}

/** What `git clone` is given for a repository. */
export const cloneBySsh = ({ user, host, port }: SshAddress, repo: string): string =>
  port === usualPort ? `${user}@${host}:${repo}.git` : `ssh://${user}@${host}:${port}/${repo}.git`
