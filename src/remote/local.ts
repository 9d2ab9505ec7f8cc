import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Trouble } from '../change/trouble.ts'
import { attachOpening, lookOpening, newNonce, type Opening, PATH, startOpening } from './bootstrap.ts'
import { type Dial, dialProcess, type LinkEnd } from './link.ts'
import type { Look, Program, Run } from './remote.ts'
import { openSessionList } from './session-list.ts'

/** This machine as a host: the same far end, spawned instead of logged in to. */
export type Local = Readonly<{
  start: (name: string, root: string, program: Program) => Run
  look: (name: string, root: string, program: Look) => Run
  attach: (name: string, root: string, id: string, secrets: readonly string[]) => Run
  close: () => void
}>

type Work = Readonly<{ id: string; secrets: readonly string[]; opening: Opening }>

/** Needs no root. Programs run as ourselves and outlive this process. */
export function openLocal(dial: Dial = dialProcess): Local {
  const sessions = openSessionList()
  function open(name: string, work: Work): Run {
    const { line, words } = work.opening
    return sessions.follow({
      host: name,
      id: work.id,
      opening: work.opening,
      secrets: work.secrets,
      password: null,
      greeted: () => {},
      standing: null,
      keep: null,
      dial: async () => dial(['/bin/sh', '-c', line, ...words], cleanEnvironment()),
      explain: (end, stderr) => noShell(name, end, stderr),
    })
  }
  return {
    start: (name, root, program) => open(name, { ...program, opening: startOpening(resolve(root), program) }),
    look: (name, root, program) =>
      open(name, { ...program, opening: lookOpening(resolve(root), program, newNonce()) }),
    attach: (name, root, id, secrets) =>
      open(name, { id, secrets, opening: attachOpening(resolve(root), id) }),
    close: sessions.leave,
  }
}

function cleanEnvironment(): Readonly<Record<string, string>> {
  return { PATH, HOME: homedir(), TZ: 'UTC' }
}

function noShell(host: string, end: LinkEnd, stderr: string): Trouble {
  return {
    what: `no shell runs on this machine: ${end.failed?.message ?? `/bin/sh ended with ${end.code ?? end.signal}`}`,
    host,
    where: '/bin/sh',
    tail: stderr.trim().split('\n').slice(-5),
    now: 'run `sh -c true` here and see why it fails',
  }
}
