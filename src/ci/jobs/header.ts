/** What the first lines of an executable say of its job, as the same words in `tandem.ts` would. */
export type Header = Readonly<{
  options: Readonly<Record<string, unknown>>
  /** Lines by option, counting from 1; where an option stands twice, the last. */
  lines: ReadonlyMap<string, number>
  /** Lines that cannot mean anything where they stand. */
  faults: readonly Readonly<{ line: number; what: string; now: string }>[]
}>

const comment = /^\s*(?:#|\/\/|--|;|%)/
const said = /^\s*(?:#|\/\/|--|;|%)+\s*tandem:\s*(.*?)\s*$/
/** Options that may be said again, to say more. */
const lists = ['needs', 'services', 'reports', 'secrets']
const maps = ['matrix', 'cache', 'env']

/** Whether the file says of itself that it is a job. */
export const hasHeader = (head: string): boolean => head.split('\n').some((line) => said.test(line))

/** Reads the comment lines `# tandem: OPTION VALUE` above the first line that is none. */
export function readHeader(head: string): Header {
  const rows = head.split('\n')
  const end = rows.findIndex((row) => row.trim() !== '' && !comment.test(row))
  const options = new Map<string, unknown>()
  const lines = new Map<string, number>()
  const faults: Header['faults'][number][] = []
  for (const [at, row] of rows.entries()) {
    const text = said.exec(row)?.[1]
    if (text === undefined) continue
    const line = at + 1
    const [option = '', value = ''] = split(text)
    const wrong =
      end !== -1 && at > end ? belowCommands : (saidTwice(option, options) ?? incomplete(option, value))
    if (wrong !== null) faults.push({ line, ...wrong })
    else {
      options.set(option, joined(option, options.get(option), meant(option, value)))
      lines.set(option, line)
    }
  }
  return { options: Object.fromEntries(options), lines, faults }
}

const belowCommands = {
  what: 'this stands below the first command, where nobody reads it',
  now: 'move it up, under the first line of the file',
}

const split = (text: string): readonly string[] => /^(\S+)\s*(.*)$/.exec(text)?.slice(1) ?? []

function saidTwice(option: string, options: ReadonlyMap<string, unknown>) {
  if (!options.has(option) || lists.includes(option) || maps.includes(option)) return null
  return { what: `${option} is said twice`, now: 'keep one of the two' }
}

function incomplete(option: string, value: string) {
  if (option === '') return { what: 'nothing is said here', now: 'say an option, such as `needs build`' }
  if (option === 'network' || value !== '') return null
  const example = examples[option]
  return example === undefined ? null : { what: `${option} has no value`, now: `write \`${example}\`` }
}

const examples: Readonly<Record<string, string>> = {
  needs: 'needs build',
  limit: 'limit 10m',
  memory: 'memory 2G',
  matrix: 'matrix node=22,24',
  services: 'services postgres',
  cache: 'cache node_modules by package-lock.json',
  reports: 'reports junit.xml',
  retry: 'retry never',
  on: 'on builders',
  secrets: 'secrets NPM_TOKEN',
  env: 'env LOG_LEVEL=info',
  output: 'output dist',
}

/** The value as `tandem.ts` has it. What has another form stays a text, so that the schema complains of it. */
function meant(option: string, value: string): unknown {
  if (lists.includes(option)) return words(value)
  if (option === 'network') return value === '' ? true : value
  if (option === 'matrix') return pairs(value.split(/\s+/), (values) => values.split(','))
  if (option === 'env') return pairs([value], (text) => text)
  if (option === 'cache') return cache(value)
  return value
}

const words = (value: string): readonly string[] => value.split(/[\s,]+/).filter((word) => word !== '')

function pairs(written: readonly string[], meaning: (value: string) => unknown): unknown {
  const found = written.map((pair) => /^([^=]+)=(.*)$/.exec(pair))
  if (found.includes(null)) return written.join(' ')
  return Object.fromEntries(found.map((pair) => [pair?.[1], meaning(pair?.[2] ?? '')]))
}

function cache(value: string): unknown {
  const [, folder, files] = /^(\S+)\s+by\s+(.+)$/.exec(value) ?? []
  return folder === undefined || files === undefined ? value : { [folder]: words(files) }
}

function joined(option: string, before: unknown, value: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value]
  return maps.includes(option) && isObject(before) && isObject(value) ? { ...before, ...value } : value
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
