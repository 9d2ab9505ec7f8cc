import { constants } from 'node:fs'
import { glob, open, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { TestResult } from '../../store/runs.ts'
import type { Mask } from '../../mask/mask.ts'
import { type Report, readReport } from './report.ts'

const MOST_FILES = 200
const LARGEST_FILE = 16 * 1024 * 1024
const MOST_TESTS = 50_000

/**
 * Reads the reports that a job left in its folder, by their patterns. The folder is the job's: links out of it are not
 * followed, and what is no file is not opened. What is read is masked first.
 */
export async function collectReports(
  folder: string,
  { patterns, mask }: Readonly<{ patterns: readonly string[]; mask: Mask }>,
): Promise<Report> {
  const root = await realpath(folder)
  const tests: TestResult[] = []
  const notes: string[] = []
  for (const pattern of patterns) {
    const names = await namesOf(root, pattern)
    if (names.length === 0) notes.push(`${pattern}: there is no such file`)
    if (names.length === MOST_FILES) notes.push(`${pattern}: only ${MOST_FILES} files are read`)
    for (const name of names) {
      const report = await readFileReport(root, name, mask)
      notes.push(...report.notes.map((note) => `${name} ${note}`))
      if (tests.length + report.tests.length > MOST_TESTS) {
        notes.push(`${name}: with it there would be more than ${MOST_TESTS} tests; it is left out`)
        continue
      }
      tests.push(...report.tests)
    }
  }
  return { tests, notes }
}

async function namesOf(root: string, pattern: string): Promise<readonly string[]> {
  const names: string[] = []
  const exclude = (name: string): boolean => name === '.git' || name === 'node_modules'
  for await (const name of glob(pattern, { cwd: root, exclude })) {
    names.push(name)
    if (names.length === MOST_FILES) break
  }
  return names.toSorted()
}

async function readFileReport(root: string, name: string, mask: Mask): Promise<Report> {
  const nothing = (why: string): Report => ({ tests: [], notes: [why] })
  const path = await realpath(join(root, name)).catch(() => null)
  if (path === null || relative(root, path).startsWith('..') || !path.startsWith(root + sep))
    return nothing('leads out of the folder of the job')
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const { size, isFile } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }))
  if (!isFile) return nothing('is no file')
  if (size > LARGEST_FILE) return nothing(`has more than ${LARGEST_FILE / 1024 ** 2} MiB`)
  const bytes = await file.readFile()
  return readReport(Buffer.concat([...mask.write(bytes), ...mask.end()]).toString('utf8'))
}
