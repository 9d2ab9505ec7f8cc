import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { LabHost } from '../../lab/host.ts'
import type { Random } from '../../lab/random.ts'
import type { Entry } from '../../src/change/entry.ts'
import { runToEnd, type Trial } from '../../e2e/lab/trial.ts'

/** What a trial strikes, and how it is put right again. Entries that only the struck one was told are in `told`. */
export type Strike = Readonly<{
  name: string
  /** How long it takes until what is ordered begins, beyond the deploy itself. */
  startMs: number
  /** Begins the deploy that is struck. */
  begin: (commit: string) => Promise<void>
  strike: () => Promise<void>
  mend: () => Promise<void>
  told: () => readonly Entry[]
}>

const sorts = ['hub', 'command', 'host', 'cable'] as const

export function drawStrike(trial: Trial, random: Random): Strike {
  const sort = random.pick(sorts)
  const host = random.pick(trial.lab.hosts)
  switch (sort) {
    case 'hub':
      return hubStrike(trial)
    case 'command':
      return commandStrike(trial)
    case 'host':
      return hostStrike(trial, host)
    case 'cable':
      return cableStrike(trial, host)
  }
}

/** A command loads the hub's code before it orders. */
const commandStartMs = 500

const untold = (): readonly Entry[] => []

async function order(trial: Trial, commit: string): Promise<void> {
  // An order that the hub did not live to answer may be in the ledger or not: both are right.
  await trial.order(commit, 'to be struck').catch(() => {})
}

function hubStrike(trial: Trial): Strike {
  return {
    name: 'kill -9 of the hub',
    startMs: 0,
    begin: async (commit) => void order(trial, commit),
    strike: () => trial.hub.kill(),
    mend: () => trial.hub.start(),
    told: untold,
  }
}

/** A command with no hub carries its change out itself; a hub that is started later takes it up. */
function commandStrike(trial: Trial): Strike {
  const told: Entry[] = []
  let child: ChildProcess | null = null
  return {
    name: 'kill -9 of the command',
    startMs: commandStartMs,
    begin: async (commit) => {
      await trial.hub.stop()
      child = trial.startCommand(['deploy', 'shop', commit, '--json'])
      if (child.stdout === null) throw new Error('the command has no output')
      createInterface({ input: child.stdout }).on('line', (line) => told.push(...entryIn(line)))
    },
    strike: async () => {
      if (child === null) return
      const ended = runToEnd(child)
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await ended
    },
    mend: () => trial.hub.start(),
    told: () => told,
  }
}

/** The entry in a line of `--json`; the last line of a killed command may be cut. */
function entryIn(line: string): readonly Entry[] {
  try {
    const said = JSON.parse(line) as { type?: string; entry?: Entry }
    return said.type === 'entry' && said.entry !== undefined ? [said.entry] : []
  } catch {
    return []
  }
}

function hostStrike(trial: Trial, host: LabHost): Strike {
  return {
    name: `power loss of ${host.name}`,
    startMs: 0,
    begin: async (commit) => void order(trial, commit),
    strike: () => host.kill(),
    mend: () => host.boot(),
    told: untold,
  }
}

function cableStrike(trial: Trial, host: LabHost): Strike {
  return {
    name: `cut cable of ${host.name}`,
    startMs: 0,
    begin: async (commit) => void order(trial, commit),
    strike: async () => host.cut(),
    mend: async () => host.mend(),
    told: untold,
  }
}
