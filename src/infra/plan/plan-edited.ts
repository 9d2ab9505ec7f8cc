import type { PathThing } from '../things/thing.ts'
import { accessTrouble, wantedAccess } from './access.ts'
import { editBytes } from './edit.ts'
import { sha256Of, writeFile } from './plan-file.ts'
import { changeAccess } from './plan-access.ts'
import type { PathSpot } from './path-state.ts'
import { type Bringer, bringerText, folderTrouble } from './state.ts'
import { right, type Turn } from './turn.ts'

type Want = Extract<PathThing['want'], { type: 'edited' }>

/** A file that belongs to somebody else, in which a few lines are ours. */
export function planEdited(place: PathSpot, want: Want, bringer: Bringer | null): Turn {
  const { now, state } = place
  const trouble = accessTrouble(want, state)
  if (trouble !== null) return trouble
  if (bringer !== null) return { type: 'later', why: `${bringerText(bringer)} may bring or alter it` }
  switch (now.type) {
    case 'unknown':
      return { type: 'later', why: now.why }
    case 'missing':
      return want.create ? editMissing(place, want) : absentTrouble(place, want)
    case 'file':
      if (now.bytes === null) return tooLarge(now.size)
      return editFile(place, want, now.bytes)
    case 'directory':
      return notEditable('a folder', 'name a file in it')
    case 'link':
      return notEditable(`a link to ${now.to}`, `name ${now.to} instead`)
    case 'other':
      return notEditable(now.what, 'name a file')
  }
}

function editMissing(place: PathSpot, want: Want): Turn {
  const isMaking = want.edits.some(({ type }) => type === 'line' || type === 'block')
  if (!isMaking) return right
  const folder = folderTrouble(place.state, place.path)
  if (folder !== null) return { type: 'trouble', ...folder }
  return editFile(place, want, new Uint8Array())
}

/** Where nothing shall be in it, a missing file is right. */
function absentTrouble({ path }: PathSpot, want: Want): Turn {
  if (want.edits.every(({ type }) => type === 'no line' || type === 'no block')) return right
  return {
    type: 'trouble',
    what: 'it shall be edited, and is not there',
    now: `say what makes ${path}, or that it may be made`,
  }
}

function editFile(place: PathSpot, want: Want, bytes: Uint8Array): Turn {
  const { now, state } = place
  const edited = editBytes(bytes, want.edits)
  if (edited.type === 'trouble')
    return { type: 'trouble', what: edited.what, now: `mend ${place.path} by hand, and plan again` }
  const file = now.type === 'file' ? now : null
  const access = wantedAccess(want, file, 0o644, state)
  if (file !== null && sha256Of(edited.bytes) === file.sha256) return changeAccess(place, file, access)
  return writeFile(place, { bytes: edited.bytes, access, isSecret: false })
}

function tooLarge(size: number): Turn {
  return {
    type: 'trouble',
    what: `it is too large to be edited here (${size} bytes)`,
    now: 'edit it with exec, or let the recipe give the whole file',
  }
}

function notEditable(what: string, now: string): Turn {
  return { type: 'trouble', what: `it shall be edited, and is ${what}`, now }
}
