import { TroubleError, type Trouble } from '../../change/trouble.ts'

/** SQLite's primary result codes that say something about the machine and not about this program. */
const busy = 5
const full = 13
const troubles: ReadonlyMap<number, Pick<Trouble, 'what' | 'now'>> = new Map([
  [3, { what: 'the store may not be opened', now: 'give this user the right to read and write it' }],
  [busy, { what: 'another process keeps the store locked', now: 'find it with `fuser`, end it, try again' }],
  [8, { what: 'the store may not be written', now: 'give this user the right to write it and its folder' }],
  [10, { what: 'the disk failed under the store', now: 'read `dmesg`, then mend or replace the disk' }],
  [
    11,
    {
      what: 'the store is damaged',
      now: 'stop tandem, keep a copy of the file, and restore the newest backup',
    },
  ],
  [
    full,
    {
      what: 'the disk is full: the store wrote nothing of this',
      now: 'free some space on the disk that holds it, then try again',
    },
  ],
  [
    14,
    { what: 'the store cannot be opened', now: 'look whether its folder exists and this user may write it' },
  ],
  [
    26,
    {
      what: 'this file is not a store: it is garbage or encrypted',
      now: 'move the file away; restore the newest backup, or start with an empty store',
    },
  ],
])

/** What SQLite threw, as a trouble that names the file; anything that is no fault of the machine comes back as it is. */
export function storeTrouble(error: unknown, path: string): unknown {
  const code = codeOf(error)
  const known = code === null ? undefined : troubles.get(code)
  if (known === undefined) return error
  const said = error instanceof Error ? error.message : String(error)
  return new TroubleError({ ...known, where: path, tail: [`sqlite: ${said} (${code})`] }, { cause: error })
}

export const isBusy = (error: unknown): boolean => codeOf(error) === busy

/** No room for the memory that processes share: SQLite calls it an I/O error, and it is a full disk. */
const noRoomToShare = 4874

function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  if (error.errcode === noRoomToShare) return full
  // The low byte is the primary code, the rest says more about it.
  return error.errcode & 0xff
}
