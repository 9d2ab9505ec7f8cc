import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { shAssign, shLine } from '../../remote/quote.ts'
import type { Frame } from '../../remote/remote.ts'
import type { Op } from '../plan/op.ts'
import { passwordKey } from './account-call.ts'
import { type CallWorld, opCall } from './op-call.ts'
import { allDebts, partsFor } from './program-parts.ts'
import { type Reveal, secretsIn } from './script-call.ts'
import type { HostScripts } from './scripts.ts'
import { tarOf } from './tar-of.ts'
import { type HostProgram, takeBackOf } from './undo-program.ts'

export type ProgramParts = Readonly<{
  scripts: HostScripts
  /** By the digest that operations name them by; that of a secret is keyed. */
  bytes: ReadonlyMap<string, Uint8Array>
  /** Crypted passwords by user. */
  passwords: ReadonlyMap<string, Uint8Array>
  /** Puts the values of secrets where their marks are. */
  reveal: Reveal
  /** Lowercase hexadecimal, new for each program: lines that begin with it are for the hub. */
  mark: string
  change: string
}>

/** The program that carries out the operations of one host: a fixed runtime, and one readable call for each. */
export function programOf(ops: readonly Op[], parts: ProgramParts): HostProgram {
  const { scripts, mark, change, reveal } = parts
  const sent = sentWith(ops, parts)
  const takeBack = ops.some(({ lockout }) => lockout !== null) ? takeBackOf(ops, parts) : null
  const world: CallWorld = { reveal, bare: (key) => sent.bare.get(key) ?? key }
  const script = [
    shAssign({ MARK: mark, CHANGE: change }),
    scripts['runtime.sh'],
    scripts['preflight.sh'],
    ...partsFor(ops).map((name) => scripts[name]),
    ...(takeBack === null ? [] : [scripts['disarm.sh'], scripts['lockout.sh']]),
    scripts['finish.sh'],
    preflightCalls(ops, sent.files),
    ...ops.map((op) => (op === firstLockout(ops) ? 'arm\n' : '') + opCall(op, world)),
    takeBack === null ? '' : 'confirm\n',
    'finish\n',
  ].join('')
  const frames: Frame[] = []
  if (sent.files.size > 0) frames.push({ name: 'bytes.tar', bytes: tarOf(sent.files) })
  if (takeBack !== null) frames.push({ name: 'take-back', bytes: Buffer.from(takeBack.script) })
  const secrets = [...scriptSecrets(ops, reveal), ...(takeBack?.secrets ?? [])]
  return { script, frames, secrets: [...new Set(secrets)] }
}

const firstLockout = (ops: readonly Op[]): Op | undefined => ops.find(({ lockout }) => lockout !== null)

type Sent = Readonly<{
  /** By bare digest: hosts compare what they have with it, and no ledger ever sees it. */
  files: ReadonlyMap<string, Uint8Array>
  /** What operations name, to the bare digest. */
  bare: ReadonlyMap<string, string>
}>

function sentWith(ops: readonly Op[], { bytes, passwords }: ProgramParts): Sent {
  const files = new Map<string, Uint8Array>()
  const bare = new Map<string, string>()
  const send = (key: string, content: Uint8Array): void => {
    const sha256 = createHash('sha256').update(content).digest('hex')
    files.set(sha256, content)
    bare.set(key, sha256)
  }
  for (const { act } of ops) {
    if (act.type === 'write' && act.from.type === 'sent') {
      const content = bytes.get(act.from.sha256)
      if (content === undefined) throw new Error(`nobody has the bytes of ${act.path}`)
      send(act.from.sha256, content)
    }
    if (act.type === 'user' && act.after?.setsPassword === true) {
      const password = passwords.get(act.name)
      if (password === undefined) throw new Error(`nobody has the password of ${act.name}`)
      send(passwordKey(act.name), password)
    }
  }
  return { files, bare }
}

/** Looks first: at the folders that are there before, at room, and at what refuses to be changed. */
function preflightCalls(ops: readonly Op[], files: ReadonlyMap<string, Uint8Array>): string {
  const paths = ops.flatMap(({ act }) => ('path' in act ? [act.path] : []))
  const folders = [...new Set(paths.map((path) => posix.dirname(path)))]
  const size = [...files.values()].reduce((sum, content) => sum + content.length, 0)
  const kb = String(Math.ceil(size / 1024) * 2 + 64)
  return [
    shLine(['preflight', kb, String(paths.length * 3 + 8), ...folders]),
    ...(paths.length > 0 ? [shLine(['mutable', ...new Set([...folders, ...paths])])] : []),
    ...(files.size > 0 ? ['unpack'] : []),
    '',
  ].join('\n')
}

function scriptSecrets(ops: readonly Op[], reveal: Reveal): readonly string[] {
  const scripts = ops.flatMap(({ act }) =>
    act.type === 'command' ? [act.run, ...(act.check === null ? [] : [act.check])] : [],
  )
  const owed = allDebts(ops).flatMap((debt) => (debt.type === 'command' ? [debt.script] : []))
  return secretsIn([...scripts, ...owed], reveal)
}
