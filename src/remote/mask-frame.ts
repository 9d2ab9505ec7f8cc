import { formsIn, formsToMask } from './mask.ts'
import type { Frame, Program } from './remote.ts'

/** Bytes of one program that are searched for secrets, smallest frames first. */
const SEARCH_LIMIT = 64 * 1024 * 1024

/**
 * What the host needs to mask the output of a program before it is written down: each form after its length, the
 * longest first; `null` where there is nothing to mask. A host is told no secret that the program does not bring it.
 */
export function maskFrame(program: Pick<Program, 'script' | 'frames' | 'secrets'>): Frame | null {
  const forms = formsToMask(carriedBy(program))
  if (forms.length === 0) return null
  const parts = forms.flatMap((form) => {
    const bytes = Buffer.from(form)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return [length, bytes]
  })
  return { name: '.mask', bytes: Buffer.concat(parts) }
}

function carriedBy({ script, frames, secrets }: Parameters<typeof maskFrame>[0]): readonly string[] {
  if (secrets.length === 0) return []
  const searched = [Buffer.from(script), ...frames.map(({ bytes }) => viewOf(bytes))]
  searched.sort((one, other) => one.length - other.length)
  let room = SEARCH_LIMIT
  const within = searched.filter((bytes) => (room -= bytes.length) >= 0)
  return secrets.filter((secret) =>
    formsIn(secret).some((form) => within.some((bytes) => bytes.includes(form))),
  )
}

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
