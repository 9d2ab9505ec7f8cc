import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { type ChildProcess, spawn } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import type { Lab } from '../../lab/lab.ts'
import { mustRun, run } from '../../lab/run.ts'

/** Capistrano, set up to deploy a repository to the hosts of a lab as its manual says: clone, link, clean up. */
export type Capistrano = Readonly<{
  version: string
  /** Deploys what the branch `main` has now; how long it took, in milliseconds. */
  deploy: () => Promise<number>
  close: () => void
}>

const installLimitMs = 5 * 60_000
const deployLimitMs = 5 * 60_000

/** Hosts fetch the repository from this machine, by git's own protocol: the fastest way that it offers. */
export async function openCapistrano(lab: Lab, repo: string, folder: string): Promise<Capistrano> {
  await install()
  const port = await freePort(lab.gateway)
  const daemon = await serveGit(lab.gateway, port, dirname(repo))
  await writeConfig(lab, folder, `git://${lab.gateway}:${port}/${basename(repo)}`)
  return {
    version: (await mustRun(['cap', '--version'])).trim(),
    deploy: async () => {
      const began = performance.now()
      const argv = ['env', '--chdir', folder, 'cap', 'lab', 'deploy']
      const { code, stdout, stderr } = await run(argv, { timeoutMs: deployLimitMs })
      if (code !== 0) throw new Error(`capistrano ended with ${code}: ${(stdout + stderr).slice(-2000)}`)
      return performance.now() - began
    },
    close: () => void daemon.kill('SIGKILL'),
  }
}

async function install(): Promise<void> {
  if ((await run(['sh', '-c', 'command -v cap'])).code === 0) return
  const isDebian = existsSync('/etc/debian_version')
  if (process.getuid?.() !== 0 || !isDebian)
    throw new Error('capistrano is missing, and only root on Debian or Ubuntu may install it from here')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120']
  console.log('installing capistrano')
  await mustRun(['apt-get', ...wait, 'install', '-y', '-qq', '--no-install-recommends', 'capistrano'], {
    env,
    timeoutMs: installLimitMs,
  })
}

async function serveGit(address: string, port: number, folder: string): Promise<ChildProcess> {
  // `git daemon` would be a child of `git`, and outlive it.
  const program = join((await mustRun(['git', '--exec-path'])).trim(), 'git-daemon')
  const options = ['--reuseaddr', '--export-all', `--base-path=${folder}`, `--listen=${address}`]
  const argv = ['--pdeathsig', 'KILL', program, ...options, `--port=${port}`]
  return spawn('setpriv', argv, { stdio: 'ignore' })
}

function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, address, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function writeConfig(lab: Lab, folder: string, url: string): Promise<void> {
  await mkdir(join(folder, 'config', 'deploy'), { recursive: true })
  const text = (name: string): string =>
    readFileSync(new URL(`./capistrano/${name}`, import.meta.url), 'utf8')
  const hosts = lab.hosts.map(({ address }) => `server '${address}', user: 'root', roles: %w[web]\n`)
  await writeFile(join(folder, 'Capfile'), text('Capfile'))
  const settings = { REPO_URL: url, KEY_FILE: lab.keyFile, KNOWN_HOSTS: lab.knownHostsFile }
  const deploy = Object.entries(settings).reduce(
    (whole, [name, value]) => whole.replaceAll(name, value),
    text('deploy.rb'),
  )
  await writeFile(join(folder, 'config', 'deploy.rb'), deploy)
  await writeFile(join(folder, 'config', 'deploy', 'lab.rb'), hosts.join(''))
}
