/** Shorter values, and shorter lines of a longer one, are too common to be masked: `on`, `1`, `}`. */
const SHORTEST = 4
const SHORTEST_LINE = 8
/** A line of fewer different characters tells nothing: `--------`, `========`. */
const FEWEST_DIFFERENT = 4
/** The first and the last line of a key in PEM are the same for everybody. */
const ARMOUR = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/

/** What is masked of each secret: the whole without the space around it, and its longer lines, which often go alone. */
export function valuesOf(secrets: readonly string[]): readonly string[] {
  const wholes = secrets.map((secret) => secret.toWellFormed().trim())
  return [...new Set(wholes.filter((whole) => whole.length >= SHORTEST).flatMap(withLines))]
}

function withLines(whole: string): readonly string[] {
  const lines = whole.split('\n').map((line) => line.trim())
  return lines.length === 1 ? [whole] : [whole.replaceAll('\r\n', '\n'), ...lines.filter(tells)]
}

function tells(line: string): boolean {
  return line.length >= SHORTEST_LINE && new Set(line).size >= FEWEST_DIFFERENT && !ARMOUR.test(line)
}
