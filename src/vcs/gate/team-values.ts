import { makeMask } from '../../mask/mask.ts'

/** Shorter values may stand in a file by chance. */
const shortest = 10
const shortestLine = 24

/** Tells whether bytes hold one of these secrets, in whatever spelling. */
export function valuesToFind(secrets: readonly string[]): (bytes: Buffer) => boolean {
  const values = secrets.flatMap((secret) => {
    const lines = secret.trim().split(/\r?\n/)
    if (lines.length === 1) return secret.trim().length >= shortest ? [secret.trim()] : []
    return lines.map((line) => line.trim()).filter((line) => line.length >= shortestLine && !/\s/.test(line))
  })
  if (values.length === 0) return () => false
  const mask = makeMask(values)
  return (bytes) => {
    const shown = Buffer.concat([...mask.write(bytes), ...mask.end()])
    return Buffer.compare(shown, bytes) !== 0
  }
}
