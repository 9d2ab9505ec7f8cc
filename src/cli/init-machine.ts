import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { access, constants } from 'node:fs/promises'

/** What `tandem init` asks this machine. */
export type Machine = Readonly<{
  /** The folder of the program that this user's shell finds; `null` when there is none. */
  folderOf: (program: 'node' | 'python3') => Promise<string | null>
  isPortFree: (port: number) => Promise<boolean>
  hasCommit: (dir: string) => Promise<boolean>
}>

const limitMs = 5000

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

/** The program itself is asked, as what the shell finds may be a script that looks for it elsewhere. */
async function folderOf(program: 'node' | 'python3'): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    if (!(await isExecutable(join(folder, program)))) continue
    if (usualFolders.includes(folder)) return folder
    const question =
      program === 'node' ? ['-p', 'process.execPath'] : ['-c', 'import sys; print(sys.executable)']
    const said = await ask(join(folder, program), question)
    return said === null ? folder : dirname(said)
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

async function hasCommit(dir: string): Promise<boolean> {
  return (await ask('git', ['-C', dir, 'rev-parse', '--verify', '--quiet', 'HEAD'])) !== null
}

function ask(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((settle) => {
    execFile(program, args, { timeout: limitMs }, (error, out) => settle(error === null ? out.trim() : null))
  })
}
