import { type Trouble, TroubleError } from '../../change/trouble.ts'

/** A shorter value stands in any log by chance: masking it would tell what it is, and spoil the rest. */
const SHORTEST = 8

/** Throws for a value that a job may not have, as it could not be masked in the log. */
export function mustBeMaskable(name: string, value: string): void {
  const trouble = unmaskable(name, value)
  if (trouble !== null) throw new TroubleError(trouble)
}

function unmaskable(name: string, value: string): Trouble | null {
  const { length } = Array.from(value.trim())
  if (length >= SHORTEST) return null
  const says = length === 0 ? 'is empty' : `has ${length} character${length === 1 ? '' : 's'}`
  return {
    what: `the secret ${name} ${says}: too short to be masked in logs`,
    where: `secret ${name}`,
    now: `give it at least ${SHORTEST} characters, \`tandem secret set ${name}\`; what is no secret goes into \`env\``,
  }
}
