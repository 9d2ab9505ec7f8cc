import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { claimRun } from './claim.ts'
import type { Claim } from './claim.ts'
import type { Init } from './container.ts'
import { forwardPackets } from './forwarding.ts'
import { LabHost } from './host.ts'
import { labNeeds } from './needs.ts'
import { gatewayAddress, openBridge, plugIn, socketOf } from './network.ts'
import { labRecipe, rootFs, type System } from './root-fs.ts'
import { mustRunSync } from './run.ts'
import { forwardingFile, wipeRun } from './wipe.ts'

export type LabOptions = Readonly<{
  hosts: number
  diskBytes?: number
  /** `sshd`: no systemd, services or cron; a host costs 10 MB and answers at once. Default `systemd`. */
  init?: Init
  /** Default `debian`: 12. `ubuntu`: 22.04, made once like that, of its own mirror. */
  system?: System
  /** Packages of Debian that hosts have beyond the usual; the first lab with them takes a minute. */
  packages?: readonly string[]
  /** A lab held open by a person, which `lab/main.ts down` may close. */
  byHand?: boolean
  say?: (line: string) => void
}>

export type Lab = Readonly<{
  number: number
  folder: string
  hosts: readonly LabHost[]
  host: (name: string) => LabHost
  /** Where the hosts reach this machine. */
  gateway: string
  keyFile: string
  knownHostsFile: string
  /** For `ssh -F`: h1, h2 … as root, with the right key and pinned host keys. */
  sshConfigFile: string
  close: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}>

const DEFAULT_DISK_BYTES = 512 * 1024 * 1024
const MAX_HOSTS = 64

/**
 * Boots hosts h1 … hN and returns when all answer SSH. The lab is taken down by close, by the end of this
 * process, or, after a kill -9, by the next openLab on this machine.
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  if (options.hosts < 1 || options.hosts > MAX_HOSTS)
    throw new Error(`a lab has 1 to ${MAX_HOSTS} hosts, not ${options.hosts}`)
  const missing = labNeeds()
  if (missing.length > 0) throw new Error(`no lab here: ${missing.join('; ')}`)
  const recipe = labRecipe(options.packages, options.system)
  const lower = await rootFs(options.say ?? ((line) => console.error(line)), recipe)
  const claim = await claimRun(options.byHand ?? false)
  const stopGuarding = closeAtExit(() => wipeRun(claim.number, claim.folder))
  const close = async () => {
    stopGuarding()
    wipeRun(claim.number, claim.folder)
  }
  try {
    return await furnishLab(claim, lower, options, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function furnishLab(
  claim: Claim,
  lower: string,
  options: LabOptions,
  close: () => Promise<void>,
): Promise<Lab> {
  const files = labFiles(claim.folder)
  const hosts = makeHosts(claim, lower, options, files)
  const sockets = hosts.map((_, index) => socketOf(claim.number, index + 1))
  writeFileSync(files.knownHostsFile, hosts.map((host) => `${host.hostKey}\n`).join(''))
  writeFileSync(files.sshConfigFile, sshConfig(hosts, files))
  forwardPackets(forwardingFile(dirname(claim.folder)))
  openBridge(claim.number)
  plugIn(sockets)
  for (const host of hosts) {
    host.install()
    host.start()
  }
  await Promise.all(hosts.map((host) => host.answering()))
  const host = (name: string) => {
    const found = hosts.find((candidate) => candidate.name === name)
    if (!found)
      throw new Error(`this lab has no host ${name}, only ${hosts.map((each) => each.name).join(', ')}`)
    return found
  }
  const gateway = gatewayAddress(claim.number)
  return { ...claim, ...files, hosts, host, gateway, close, [Symbol.asyncDispose]: close }
}

type LabFiles = Readonly<{ keyFile: string; knownHostsFile: string; sshConfigFile: string }>

function labFiles(folder: string): LabFiles {
  const keyFile = join(folder, 'id_ed25519')
  makeKey(keyFile, 'tandem-lab')
  return { keyFile, knownHostsFile: join(folder, 'known_hosts'), sshConfigFile: join(folder, 'ssh_config') }
}

function makeHosts(claim: Claim, lower: string, options: LabOptions, files: LabFiles): readonly LabHost[] {
  const places = Array.from({ length: options.hosts }, (_, index) => ({
    name: `h${index + 1}`,
    socket: socketOf(claim.number, index + 1),
  }))
  const shared = {
    hosts: etcHosts(claim.number, places),
    resolvConf: resolvConf(),
    aptConf: aptConf(),
    authorizedKeys: readFileSync(`${files.keyFile}.pub`, 'utf8'),
  }
  return places.map(({ name, socket }) => {
    const key = makeKey(join(claim.folder, `host-key-${name}`), name)
    const hostKey = `${name},${socket.address} ${key.public.split(' ').slice(0, 2).join(' ')}`
    return new LabHost({
      lab: claim.number,
      name,
      folder: join(claim.folder, name),
      socket,
      hostKey,
      lower,
      keyFile: files.keyFile,
      knownHostsFile: files.knownHostsFile,
      diskBytes: options.diskBytes ?? DEFAULT_DISK_BYTES,
      init: options.init ?? 'systemd',
      furniture: { ...shared, hostname: name, hostKeyPrivate: key.private, hostKeyPublic: key.public },
    })
  })
}

function makeKey(file: string, comment: string): Readonly<{ private: string; public: string }> {
  mustRunSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])
  return { private: readFileSync(file, 'utf8'), public: readFileSync(`${file}.pub`, 'utf8').trim() }
}

function etcHosts(lab: number, places: readonly { name: string; socket: { address: string } }[]): string {
  const lines = places.map(({ name, socket }) => `${socket.address} ${name}`)
  return ['127.0.0.1 localhost', '::1 localhost', `${gatewayAddress(lab)} gateway`, ...lines, ''].join('\n')
}

// A resolver on the machine's own loopback (systemd-resolved) is out of a host's reach; behind it are real ones.
function resolvConf(): string {
  const behind = '/run/systemd/resolve/resolv.conf'
  const own = readFileSync('/etc/resolv.conf', 'utf8')
  return /^nameserver\s+127\./m.test(own) && existsSync(behind) ? readFileSync(behind, 'utf8') : own
}

function aptConf(): string {
  const lines = mustRunSync(['apt-config', 'dump']).split('\n')
  return `${lines.filter((line) => /^Acquire::(https?::Proxy|Check-)/.test(line)).join('\n')}\n`
}

function sshConfig(hosts: readonly LabHost[], files: LabFiles): string {
  const common = `Host *
  User root
  IdentityFile ${files.keyFile}
  IdentitiesOnly yes
  UserKnownHostsFile ${files.knownHostsFile}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  LogLevel ERROR
`
  return hosts.map((host) => `Host ${host.name}\n  HostName ${host.address}\n`).join('') + common
}

// Crash, process.exit and the usual signals; returns how to stop caring.
function closeAtExit(wipe: () => void): () => void {
  const stop = () => {
    process.off('exit', wipe)
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    process.off('SIGHUP', onSignal)
  }
  const onSignal = (signal: NodeJS.Signals) => {
    wipe()
    stop()
    process.kill(process.pid, signal)
  }
  process.once('exit', wipe)
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  process.once('SIGHUP', onSignal)
  return stop
}
