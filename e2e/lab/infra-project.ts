import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabHost } from '../../lab/host.ts'
import { mustRun } from '../../lab/run.ts'

const examples = join(import.meta.dirname, '../../examples')

/** The addresses that the example says, and the host of the lab that stands for each. */
export type Placed = Readonly<Record<string, LabHost>>

/**
 * Lays the example of an infrastructure into a folder, with the repository of its shop beside it, as it stands but for
 * the addresses; returns the folder of its `tandem.ts`.
 */
export async function layInfraExample(folder: string, placed: Placed): Promise<string> {
  const project = join(folder, 'infrastructure')
  await cp(join(examples, 'infrastructure'), project, { recursive: true })
  const file = join(project, 'tandem.ts')
  await writeFile(file, withAddresses(await readFile(file, 'utf8'), placed))
  await layShop(join(folder, 'shop'))
  return project
}

// All at once, so that an address of the lab is never taken for one of the example.
function withAddresses(text: string, placed: Placed): string {
  const known = Object.entries(placed).map(([address, host]) => [address, loginOf(host), host] as const)
  const logins = text.replace(/address: 'root@([\d.]+)'/g, (said, address: string) => {
    const found = known.find(([one]) => one === address)
    return found === undefined ? said : found[1]
  })
  return logins.replace(/'([\d.]+)'/g, (said, address: string) => {
    const found = known.find(([one]) => one === address)
    return found === undefined ? said : `'${found[2].address}'`
  })
}

const loginOf = ({ address, hostKey, keyFile }: LabHost): string =>
  `address: 'root@${address}', hostKey: '${hostKey.split(' ').slice(1, 3).join(' ')}', identityFile: '${keyFile}'`

async function layShop(folder: string): Promise<void> {
  const isSource = (path: string): boolean => !/\/(?:dist|data)$|\.test\.ts$|\/tandem\.ts$/.test(path)
  await cp(join(examples, 'shop'), folder, { recursive: true, filter: isSource })
  const git = (...words: string[]): Promise<string> => mustRun(['git', '-C', folder, ...words])
  const ada = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org']
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git(...ada, 'commit', '--quiet', '--message', 'Open the shop')
}
