import { pathThing } from './path-thing.ts'
import type {
  Access,
  CommandThing,
  Content,
  Debt,
  Lockout,
  PackageThing,
  PathThing,
  Script,
  Thing,
  UnitThing,
} from './thing.ts'

/** What most things leave out, so that whoever makes one says only what is particular about it. */
type Particular = Readonly<{ owes?: readonly Debt[]; lockout?: Lockout | null }>

const rest = ({ owes, lockout }: Particular) => ({ owes: owes ?? [], lockout: lockout ?? null })

type File = Readonly<{
  path: string
  content: Content
  access?: Partial<Access>
  check?: readonly string[] | false
  owes?: readonly Debt[]
}>

/** A file of root's that others may read, unless `access` says otherwise or secrets are in it. */
export function fileThing({ path, content, access, check, owes }: File): PathThing {
  const mode = content.secrets.length > 0 ? 0o600 : 0o644
  return owing(pathThing(path, { type: 'file', content, ...rootsOwn, mode, ...access }, check), owes ?? [])
}

export const owing = <T extends Thing>(thing: T, owes: readonly Debt[]): T => ({ ...thing, owes })

export const asItIs: Access = { mode: null, owner: null, group: null }

/** Root's, with the mode that new things have. */
export const rootsOwn: Access = { mode: null, owner: 'root', group: 'root' }

export const gone: PathThing['want'] = { type: 'absent', all: false }

/** A package that a resource needs, as others may: `by` is the id of the resource. */
export function neededPackage(name: string, by: string): PackageThing {
  return {
    type: 'package',
    key: `package ${name}, ${by}`,
    name,
    want: { type: 'installed', version: null },
    hold: null,
    ...rest({}),
  }
}

type UnitWant = Particular & Readonly<Partial<Pick<UnitThing, 'enabled' | 'running' | 'masked'>>>

/** A unit of systemd; what `want` leaves out stays as it is. */
export function unitThing(unit: string, { enabled, running, masked, ...particular }: UnitWant): UnitThing {
  return {
    type: 'unit',
    key: `unit ${unit}`,
    unit,
    enabled: enabled ?? null,
    running: running ?? null,
    masked: masked ?? null,
    ...rest(particular),
  }
}

type Command = Particular &
  Readonly<{ name: string; check: Script | null; run: Script; undo?: Script | null; says?: string | null }>

export function commandThing({ name, check, run, undo, says, ...particular }: Command): CommandThing {
  return {
    type: 'command',
    key: `command ${name}`,
    name,
    check,
    run,
    undo: undo ?? null,
    says: says ?? null,
    ...rest(particular),
  }
}

/** What every command of ours may take, unless it says otherwise. */
const limitMs = 60_000

/** A program of root's. */
export function rootScript(run: Script['run'], limit = limitMs): Script {
  return { run, user: null, cwd: null, env: {}, limitMs: limit }
}

/**
 * A constant text for sh with words as its `$1`, `$2` …: what people wrote never becomes shell.
 */
export function shScript(text: string, words: readonly string[], limit = limitMs): Script {
  return rootScript(['sh', '-euc', text, 'tandem', ...words], limit)
}

/** Text without secrets. */
export function plain(text: string): Content {
  return { bytes: new TextEncoder().encode(text), secrets: [] }
}
