import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

/** What was found in a folder: names of all files, and the texts of those worth reading. */
export type Project = Readonly<{
  folder: string
  files: readonly string[]
  texts: ReadonlyMap<string, string>
}>

const mostFiles = 3000
const mostTexts = 300
const mostBytes = 256 * 1024
const deepest = 4
const skipped = ['node_modules', 'venv', '__pycache__', 'vendor', 'coverage', 'target']
const sources = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.py', '.go']
const described = [
  'package.json',
  'requirements.txt',
  'pyproject.toml',
  'Procfile',
  'go.mod',
  'index.html',
  '.env.example',
  '.yarnrc.yml',
]

/** Reads as much of a folder as is needed to see what it is; large folders are read in part. */
export async function readProject(dir: string): Promise<Project> {
  const files = await filesIn(dir)
  const worthReading = files.filter((file) => described.includes(file) || sources.includes(extname(file)))
  const texts = new Map<string, string>()
  for (const file of worthReading.toSorted(nearTopFirst).slice(0, mostTexts)) {
    const path = join(dir, file)
    if ((await stat(path)).size <= mostBytes) texts.set(file, await readFile(path, 'utf8'))
  }
  return { folder: basename(await realpath(dir)), files, texts }
}

async function filesIn(dir: string): Promise<readonly string[]> {
  const files: string[] = []
  const folders = ['']
  for (
    let folder = folders.shift();
    folder !== undefined && files.length < mostFiles;
    folder = folders.shift()
  ) {
    for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isFile()) files.push(path)
      const isOwn = !entry.name.startsWith('.') && !skipped.includes(entry.name)
      if (entry.isDirectory() && isOwn && path.split('/').length < deepest) folders.push(path)
    }
  }
  return files.toSorted(nearTopFirst)
}

function nearTopFirst(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || (a < b ? -1 : 1)
}
