import { access, constants, readdir, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, isAbsolute, join, resolve } from 'node:path'

/** What `tandem init` asks this machine. */
export type Machine = Readonly<{
  /** The folder of the program that this user's shell finds; `null` when there is none. */
  folderOf: (program: 'node' | 'python3') => Promise<string | null>
  isPortFree: (port: number) => Promise<boolean>
  hasCommit: (dir: string) => Promise<boolean>
}>

export const thisMachine: Machine = { folderOf, isPortFree, hasCommit }

/** Apps find their programs in these folders, whoever deploys them. */
export const usualFolders: readonly string[] = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
]

async function folderOf(program: 'node' | 'python3'): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    if (isAbsolute(folder) && (await isExecutable(join(folder, program)))) return folder
  }
  return null
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', () => settle(false))
    server.listen(port, () => server.close(() => settle(true)))
  })
}

/** A branch of git is a file once it has a commit, or a line among those that git has packed. */
async function hasCommit(dir: string): Promise<boolean> {
  for (let folder = resolve(dir); ; folder = dirname(folder)) {
    const git = join(folder, '.git')
    const found = await stat(git).catch(() => null)
    // The folder of a worktree has a file there: it was made from a commit.
    if (found !== null) return found.isFile() || (await hasBranch(git))
    if (folder === dirname(folder)) return false
  }
}

async function hasBranch(git: string): Promise<boolean> {
  const branches = await readdir(join(git, 'refs', 'heads')).catch(() => [])
  const packed = await readFile(join(git, 'packed-refs'), 'utf8').catch(() => '')
  return branches.length > 0 || packed.includes(' refs/heads/')
}
