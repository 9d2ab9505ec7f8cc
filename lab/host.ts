import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { killCgroup, makeCgroup } from './cgroup.ts'
import { startContainer } from './container.ts'
import type { Container, Init } from './container.ts'
import { furnish } from './furnish.ts'
import type { Furniture } from './furnish.ts'
import { plugIn, setCable, unplug } from './network.ts'
import type { Socket } from './network.ts'
import { mustRunSync, run } from './run.ts'
import type { Outcome, RunOptions } from './run.ts'
import { waitForSsh } from './ssh-answer.ts'

export type HostSpec = Readonly<{
  lab: number
  name: string
  folder: string
  socket: Socket
  keyFile: string
  knownHostsFile: string
  /** One line as in known_hosts: names, key type, key. */
  hostKey: string
  diskBytes: number
  init: Init
  lower: string
  furniture: Furniture
}>

const SSH_LIMIT_MS = 30_000
const FILL_TRIES = 50
const PATH_INSIDE = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** One Debian host with systemd and sshd. Disk contents outlive kill and boot; everything in /run does not. */
export class LabHost {
  readonly name: string
  readonly address: string
  readonly keyFile: string
  readonly knownHostsFile: string
  readonly hostKey: string
  /** The host's whole file system seen from outside, for looking without asking the host. */
  readonly root: string
  readonly #spec: HostSpec
  #container: Container | undefined

  constructor(spec: HostSpec) {
    this.name = spec.name
    this.address = spec.socket.address
    this.keyFile = spec.keyFile
    this.knownHostsFile = spec.knownHostsFile
    this.hostKey = spec.hostKey
    this.root = join(spec.folder, 'root')
    this.#spec = spec
  }

  /** Puts the disk in: an overlay on the shared root file system whose changes go to a memory disk. */
  install(): void {
    const disk = this.#disk()
    furnish(this.#spec.folder, disk, this.#spec.furniture, this.#spec.diskBytes)
    const layers = `lowerdir=${this.#spec.lower},upperdir=${disk}/upper,workdir=${disk}/work`
    mustRunSync(['mount', '-t', 'overlay', `tandem-lab-${this.name}`, '-o', layers, this.root])
  }

  /** Starts the host, with its cable in, and returns when it answers SSH. */
  async boot(): Promise<void> {
    if (this.#container) throw new Error(`host ${this.name} is already running; kill it first`)
    unplug(this.#spec.socket)
    plugIn([this.#spec.socket])
    this.start()
    await this.answering()
  }

  /** Starts the host without waiting for it; its socket must be fresh. */
  start(): void {
    this.#container = startContainer({
      init: this.#spec.init,
      root: this.root,
      machine: this.#spec.socket.namespace,
      hostname: this.name,
      namespace: this.#spec.socket.namespace,
      cgroupFiles: makeCgroup(this.#spec.lab, this.name),
      consoleFile: this.#consoleFile(),
    })
  }

  async answering(): Promise<void> {
    try {
      await waitForSsh(this.address, SSH_LIMIT_MS)
    } catch (cause) {
      throw new Error(`host ${this.name} does not answer: ${this.console().slice(-2000)}`, { cause })
    }
  }

  /** Power loss: the cable goes dead first, so that nobody hears a goodbye, then every process is killed. */
  async kill(): Promise<void> {
    setCable(this.#spec.socket, 'down')
    const container = this.#container
    this.#container = undefined
    killCgroup(this.#spec.lab, this.name)
    await container?.ended
  }

  /** Pulls the network cable: packets vanish both ways, connections stay as they are. */
  cut(): void {
    setCable(this.#spec.socket, 'down')
  }

  mend(): void {
    setCable(this.#spec.socket, 'up')
  }

  /** Leaves this many free bytes on the host's disk. */
  fill(bytesLeft: number): void {
    for (let tries = 1; ; tries++) {
      const { blocks, bfree, bsize } = statfsSync(this.#disk())
      try {
        return this.#resizeDisk((blocks - bfree) * bsize + bytesLeft)
      } catch (thrown) {
        // The kernel refuses a size below what is used, and a busy host has written more since we looked.
        if (tries === FILL_TRIES) throw thrown
      }
    }
  }

  /** Gives the disk its first size back. */
  empty(): void {
    this.#resizeDisk(this.#spec.diskBytes)
  }

  /** Runs argv as root on the host, not over SSH, so it also works while the cable is cut. For assertions. */
  exec(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    // --root matters where the host's root is no mount namespace's own.
    const enter = ['nsenter', '--target', String(this.leader()), '--all', '--root']
    return run(
      [...enter, '--', 'env', '-i', '--chdir=/', PATH_INSIDE, 'HOME=/root', 'LC_ALL=C.UTF-8', ...argv],
      options,
    )
  }

  /** The pid, on this machine, of the host's process 1. */
  leader(): number {
    if (!this.#container) throw new Error(`host ${this.name} is switched off; boot it first`)
    return this.#container.leader()
  }

  /** What the host has printed while booting. */
  console(): string {
    const file = this.#consoleFile()
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  #disk(): string {
    return join(this.#spec.folder, 'disk')
  }

  #consoleFile(): string {
    return join(this.#spec.folder, 'console.log')
  }

  #resizeDisk(bytes: number): void {
    mustRunSync(['mount', '-o', `remount,size=${Math.ceil(bytes)}`, this.#disk()])
  }
}
