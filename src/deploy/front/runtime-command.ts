import type { Front } from './exchange.ts'
import { slotNames, slotStates } from './slots.ts'
import { serversState, statTable } from './stat-table.ts'

const known = [
  ['help [<command>]', 'list matching or all commands'],
  ['set server <bk>/<srv> state <state>', "change a server's state: ready, drain, maint"],
  ['show servers state [<backend>]', 'dump volatile server information'],
  ['show stat', 'report counters for each proxy and server'],
] as const

/** What HAProxy answers to a line of commands, parted by `;`. Each answer ends with an empty line. */
export function answerLine(front: Front, line: string): string {
  return line
    .split(';')
    .map((command) => `${answer(front, command.trim().split(/\s+/))}\n`)
    .join('')
}

function answer(front: Front, words: readonly string[]): string {
  const [verb, what, ...rest] = words
  if (verb === '') return `Unknown command. Please enter one of the following commands only:\n${list()}`
  if (verb === 'help') return `The following commands are valid at this level:\n${list()}`
  if (verb === 'show' && what === 'stat') return statTable(front)
  if (verb === 'show' && what === 'servers' && rest[0] === 'state') return showServersState(front, rest[1])
  if (verb === 'set' && what === 'server') return setServer(front, rest)
  return `Unknown command, but maybe one of the following ones is a better match:\n${list()}`
}

const list = (): string => known.map(([command, does]) => `  ${command.padEnd(40)}: ${does}\n`).join('')

function showServersState(front: Front, backend: string | undefined): string {
  if (backend === undefined || backend === front.settings.name) return serversState(front)
  return "Can't find backend.\n"
}

function setServer(front: Front, [path = '', what, value]: readonly string[]): string {
  const [backend, server] = path.split('/')
  if (server === undefined) return "Require 'backend/server'.\n"
  if (backend !== front.settings.name) return 'No such backend.\n'
  const slot = slotNames.find((name) => name === server)
  if (slot === undefined) return 'No such server.\n'
  if (what !== 'state') return 'usage: set server <backend>/<server> state\n'
  const state = slotStates.find((name) => name === value)
  if (state === undefined) return "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n"
  try {
    front.slots.set(slot, state)
    return ''
  } catch (thrown) {
    return `cannot write ${front.settings.state}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`
  }
}
