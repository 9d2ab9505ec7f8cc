import { createHash } from 'node:crypto'
import type { PlanLine } from '../../change/plan.ts'
import type { PathThing } from '../things/thing.ts'
import { type AccessNow, accessLines, accessTrouble, wantedAccess } from './access.ts'
import { diffContent, diffPrivately } from './content-diff.ts'
import type { Act } from './op.ts'
import { type PathSpot, replacing } from './path-state.ts'
import { changeAccess } from './plan-access.ts'
import type { PathSeen } from './seen.ts'
import { bringerText, withPath } from './state.ts'
import { moved, type Turn } from './turn.ts'

type FileSeen = Extract<PathSeen, { type: 'file' }>

/** A file whose bytes are all known. */
export function planFile(place: PathSpot, want: Extract<PathThing['want'], { type: 'file' }>): Turn {
  const { now, state } = place
  const trouble = accessTrouble(want, state)
  if (trouble !== null) return trouble
  const { bytes, secrets } = want.content
  const access = wantedAccess(want, now.type === 'file' ? now : null, 0o644, state)
  const isSecret = secrets.length > 0
  if (now.type === 'file' && now.sha256 === sha256Of(bytes)) {
    const turn = changeAccess(place, now, access)
    // An act on mode alone would name the bare digest of the secret; writing it again does not.
    return isSecret && turn.type === 'moves' ? writeFile(place, { bytes, access, isSecret }) : turn
  }
  return writeFile(place, { bytes, access, isSecret })
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export type NewFile = Readonly<{ bytes: Uint8Array; access: AccessNow; isSecret: boolean }>

/** New bytes at a path, whatever is there now. */
export function writeFile(place: PathSpot, file: NewFile): Turn {
  const { path, now, state, thing } = place
  const { bytes, access, isSecret } = file
  const cleared = replacing(place)
  if ('trouble' in cleared) return cleared.trouble
  const bare = sha256Of(bytes)
  const sha256 = isSecret ? place.keyed(bare) : bare
  const act: Act = {
    type: 'write',
    path,
    from: { type: 'sent', sha256, size: bytes.length, isSecret },
    // What was there may hold the secret of before, and its bare digest is for no ledger.
    before: isSecret && now.type === 'file' ? { type: 'any' } : cleared.before,
    after: { type: 'file', sha256, ...access },
    check: thing.check,
  }
  const lines = [...cleared.lines, ...fileLines(now, file, bare)]
  const mark = now.type === 'missing' || now.type === 'unknown' ? '+' : '~'
  const after: PathSeen = {
    type: 'file',
    size: bytes.length,
    sha256: bare,
    bytes,
    names: 1,
    mtime: 0,
    ...access,
  }
  return moved([...cleared.moves, { act, mark, lines, cannotUndo: null }], withPath(state, path, after), {
    sent: [{ sha256, bytes }],
    notes: noteOf(now),
    unknown: unknownOf(place),
  })
}

function noteOf(now: PathSeen): readonly string[] {
  if (now.type !== 'file' || now.names === 1) return []
  return [`the file has ${now.names} names; under the others the old bytes stay`]
}

function unknownOf({ now, state, isLoose }: PathSpot): string | null {
  if (!isLoose) return null
  if (now.type === 'unknown') return `what is there before: ${now.why}`
  const bringer = state.bringers.at(-1)
  if (now.type === 'missing' || bringer === undefined) return null
  return `what is there before: ${bringerText(bringer)} may alter it`
}

function fileLines(now: PathSeen, { bytes, access, isSecret }: NewFile, sha256: string): readonly PlanLine[] {
  const before = now.type === 'file' ? now : null
  const changes = before === null ? accessLines(null, access) : accessLines(before, access)
  return [...contentLines(before, { bytes, isSecret, sha256 }), ...changes]
}

type NewContent = Readonly<{ bytes: Uint8Array; isSecret: boolean; sha256: string }>

/** Nobody is shown a secret, nor the lines of a file that only its owner may read. */
function contentLines(before: FileSeen | null, { bytes, isSecret, sha256 }: NewContent): readonly PlanLine[] {
  if (isSecret && before?.sha256 === sha256) return []
  if (isSecret) return [{ mark: before === null ? '+' : '~', text: 'content: [secret]' }]
  const after = { bytes, size: bytes.length, sha256 }
  const isPrivate = before !== null && (before.mode & 0o077) === 0
  return isPrivate ? diffPrivately(before, after) : diffContent(before, after)
}
