import { chmod, mkdir, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { TeamConfig } from '../../config/config.ts'
import { doorLimits, roomForPush } from '../doors/limits.ts'
import { gitEnv, unpackingBytes } from '../git.ts'
import { replaceFile } from '../repository.ts'

/** What sshd and the program that it starts read: who may come, and to what. */
export const sshDir = (stateDir: string): string => join(stateDir, 'ssh-door')

type Said = Pick<TeamConfig, 'people' | 'repos'>

/** Paths that mean themselves to sshd, to a shell and to OpenSSH's lists of keys. */
const plainPath = /^\/[\w./@+-]+$/

/**
 * Keeps the files by which the sshd of this machine lets the team in. It runs a program of ours for each key, as the
 * user of the hub, and never a shell. A hub that is down takes nobody in newly; who was let in may go on fetching.
 */
export function sshDoor(stateDir: string): Readonly<{
  /** Writes the program and what sshd is to be told of it. */
  open: () => Promise<void>
  /** Writes who may come now; nothing where nothing has changed. */
  admit: (said: Said) => Promise<void>
}> {
  const dir = sshDir(stateDir)
  let written = ''
  return {
    open: async () => {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      await chmod(dir, 0o700)
      const program = await readFile(new URL('serve.pl', import.meta.url), 'utf8')
      await replaceFile(join(dir, 'serve'), program, 0o700)
      await replaceFile(join(dir, 'sshd.conf'), sshdText(dir), 0o600)
    },
    admit: async (said) => {
      const [keys, door] = [keysText(dir, said), doorText(said)]
      if (written === keys + door) return
      await mkdir(dir, { recursive: true, mode: 0o700 })
      await replaceFile(join(dir, 'door'), door, 0o600)
      await replaceFile(join(dir, 'authorized_keys'), keys, 0o600)
      written = keys + door
    },
  }
}

/** One line for each key. The same key at two people is the first one's, as sshd reads it. */
function keysText(dir: string, { people }: Said): string {
  if (!plainPath.test(dir)) return ''
  return Object.entries(people)
    .flatMap(([person, { keys, may }]) =>
      keys.map((key) => {
        // What is written behind a key is for people: it does not take part.
        const [kind = '', body = ''] = key.split(' ')
        return `restrict,command="${join(dir, 'serve')} ${person} ${may}" ${kind} ${body}\n`
      }),
    )
    .join('')
}

function doorText({ repos }: Said): string {
  const env = Object.entries(gitEnv()).map(([name, value]) => `env ${name} ${value}\n`)
  const atOnce = [`limit pushes ${doorLimits.pushes}\n`, `limit fetches ${doorLimits.fetches}\n`]
  const held = Object.entries(repos).flatMap(([repo, { forge, largestBytes }]) => [
    `repo ${repo} ${forge === null ? 'here' : forge.url}\n`,
    `limit-of ${repo} room ${roomForPush(largestBytes)}\n`,
    `limit-of ${repo} memory ${unpackingBytes(largestBytes)}\n`,
  ])
  return [...env, ...atOnce, ...held].join('')
}

/** A piece of the configuration of sshd: it adds the keys of the team to those that the user of the hub has. */
function sshdText(dir: string): string {
  if (!plainPath.test(dir))
    return `# sshd cannot be told of ${JSON.stringify(dir)}: move the project to a path of plain letters\n`
  return [
    '# Lets the people of tandem.ts use git here, and nothing else; written by the hub.',
    `Match User ${userInfo().username}`,
    `  AuthorizedKeysFile .ssh/authorized_keys ${join(dir, 'authorized_keys')}`,
    '  AcceptEnv GIT_PROTOCOL',
    '  ClientAliveInterval 60',
    'Match all',
    '',
  ].join('\n')
}
