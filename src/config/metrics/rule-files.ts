import { glob, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../reading/locate.ts'
import type { Mistake } from '../mistakes/mistake.ts'
import { mistake } from '../mistakes/mistake.ts'

/** A file of recording rules: its path in the folder of `tandem.ts`, and its text. */
export type RuleFile = Readonly<{ file: string; text: string }>

/** What is wrong in a file beside `tandem.ts`, and where. */
export type Misplaced = Readonly<{ what: string; now: string; place: Place }>

const mostFiles = 1000

/** The files that `metrics.rules` names, by name, each once. */
export async function readRuleFiles(patterns: readonly string[], dir: string): Promise<readonly RuleFile[]> {
  if (patterns.length === 0) return []
  const root = await realpath(dir)
  const files = new Set<string>()
  for await (const file of glob([...patterns], { cwd: root })) if (files.size < mostFiles) files.add(file)
  const named = [...files].toSorted()
  return Promise.all(named.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })))
}

/** What is wrong in them, in the words of what reads them. */
export async function mistakesInRules(
  files: readonly RuleFile[],
  dir: string,
): Promise<readonly Misplaced[]> {
  if (files.length === 0) return []
  const { readRules } = await import('../../metrics/rules/file/read-rules.ts')
  const root = await realpath(dir)
  return files
    .flatMap(({ file, text }) => readRules(file, text).mistakes)
    .map(({ file, line, what }) => ({
      what,
      now: 'mend it, as `promtool check rules` wants it',
      place: { file: join(root, file), line, column: 1 },
    }))
}

/** How many rules of each file are checked here and evaluated by nobody, in words. */
export async function unevaluated(files: readonly RuleFile[]): Promise<readonly string[]> {
  if (files.length === 0) return []
  const { readRules } = await import('../../metrics/rules/file/read-rules.ts')
  return files.flatMap(({ file, text }) => {
    const rules = readRules(file, text).groups.flatMap((group) => group.rules)
    const alerts = rules.filter(({ type }) => type === 'alerting').length
    if (alerts === 0) return []
    const [are, them] = alerts === 1 ? [' is', 'it'] : ['s are', 'them']
    return [`${file}: ${alerts} alerting rule${are} checked, and nobody evaluates ${them} here`]
  })
}

/** Patterns that name no file: a slip of the pen, for all we know. */
export async function emptyPatterns(patterns: readonly string[], dir: string): Promise<readonly Mistake[]> {
  const found = await Promise.all(patterns.map((pattern) => readRuleFiles([pattern], dir)))
  return patterns.flatMap((pattern, nth) =>
    found[nth]?.length === 0
      ? [
          mistake(
            ['metrics', 'rules', nth],
            `no file is called '${pattern}'`,
            'write a path from the folder of tandem.ts on, such as rules/*.yml',
          ),
        ]
      : [],
  )
}
