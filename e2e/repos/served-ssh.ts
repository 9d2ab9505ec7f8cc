import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Outcome, run } from '../../lab/run.ts'
import { freePort } from '../lab/free-port.ts'
import { until } from '../lab/until.ts'
import { gitEnv } from './served-hub.ts'

const sshd = '/usr/sbin/sshd'

/** Why no test can come by SSH here; false where they can. */
export const noSshd = existsSync(sshd) ? false : 'no sshd on this machine (apt-get install openssh-server)'

/** An sshd of this machine that lets in whom the hub lets in. */
export type ServedSsh = Readonly<{
  /** Where `git` finds a repository. */
  url: (repo: string) => string
  address: string
  /** The words of `ssh` by which a person comes. */
  sshAs: (person: string) => readonly string[]
  /** The environment of a `git` that comes as this person. */
  envAs: (person: string) => NodeJS.ProcessEnv
  gitAs: (person: string, ...args: string[]) => Promise<Outcome>
  close: () => void
}>

/** Makes a key for somebody in a folder, and gives its public half. */
export async function keyIn(dir: string, person: string): Promise<string> {
  const file = join(dir, person)
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `${person} "x" command`, '-f', file])
  return (await readFile(`${file}.pub`, 'utf8')).trim()
}

/** `dir` holds the keys of the people; `stateDir` is the hub's. */
export async function serveSsh(dir: string, stateDir: string): Promise<ServedSsh> {
  await keyIn(dir, 'host')
  const port = await freePort()
  const address = `${userInfo().username}@127.0.0.1`
  const settings = [
    'IdentitiesOnly=yes',
    'BatchMode=yes',
    `UserKnownHostsFile=${join(dir, 'known')}`,
    'StrictHostKeyChecking=accept-new',
    'SendEnv=GIT_PROTOCOL',
  ].flatMap((one) => ['-o', one])
  const sshAs = (person: string): readonly string[] => {
    return ['ssh', '-F', '/dev/null', '-p', String(port), '-i', join(dir, person), ...settings]
  }
  const envAs = (person: string) => ({ ...gitEnv, GIT_SSH_COMMAND: sshAs(person).join(' ') })
  const daemon = await startSshd(dir, stateDir, port)
  await until(
    'sshd listens',
    async () => !(await run([...sshAs('host'), address])).stderr.includes('refused]'),
  )
  return {
    url: (repo) => `ssh://${address}:${port}/${repo}.git`,
    address,
    sshAs,
    envAs,
    gitAs: (person, ...args) => run(['git', ...args], { env: envAs(person) }),
    close: () => void daemon.kill(),
  }
}

/** The piece that the hub writes, in a configuration that only makes it reachable from a folder for tests. */
async function startSshd(dir: string, stateDir: string, port: number): Promise<ChildProcess> {
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const lines = [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${join(dir, 'host')}`,
    'PidFile none',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'Subsystem sftp internal-sftp',
    // Folders for tests lie where everybody may write.
    'StrictModes no',
    `Include ${join(stateDir, 'ssh-door/sshd.conf')}`,
  ]
  await writeFile(join(dir, 'sshd_config'), `${lines.join('\n')}\n`)
  return spawn(sshd, ['-D', '-e', '-f', join(dir, 'sshd_config')], { stdio: 'ignore' })
}
