import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'

/** What a host runs first: the whole of Debian, or a lone sshd, of which many fit on one machine. */
export type Init = 'systemd' | 'sshd'

/** What runs a host: where its root is, who it is, which network and which cgroups it is put in. */
export type ContainerSpec = Readonly<{
  init: Init
  root: string
  machine: string
  hostname: string
  namespace: string
  cgroupFiles: readonly string[]
  consoleFile: string
}>

export type Container = Readonly<{
  /** The host's own process 1, by its pid on this machine; throws when the host is not running. */
  leader: () => number
  ended: Promise<unknown>
}>

// The shell writes its own pid into each file before the --, then becomes what follows it.
const ENTER_CGROUPS = 'while [ "$1" != -- ]; do echo $$ > "$1"; shift; done; shift; exec "$@"'

// /tmp on the disk and one cgroup tree, as on a real Debian 12; no lock files, which it would leave behind.
const NSPAWN_SETTINGS = {
  SYSTEMD_NSPAWN_TMPFS_TMP: '0',
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1',
  SYSTEMD_NSPAWN_LOCK: '0',
}

/** Starts a host and returns at once; pdeathsig ends it with us, even when we are killed with -9. */
export function startContainer(spec: ContainerSpec): Container {
  const console = openSync(spec.consoleFile, 'a')
  const enter = ['/bin/sh', '-c', ENTER_CGROUPS, 'sh', ...spec.cgroupFiles, '--']
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...enter, ...argvOf(spec)], {
    stdio: ['ignore', console, console],
    env: { ...process.env, ...NSPAWN_SETTINGS },
    detached: true,
  })
  closeSync(console)
  return { leader: () => leaderOf(child, spec), ended: once(child, 'exit') }
}

function argvOf(spec: ContainerSpec): readonly string[] {
  switch (spec.init) {
    case 'systemd':
      return nspawnArgv(spec)
    case 'sshd':
      return sshdArgv(spec)
  }
}

// /run is on the disk here, and nobody else makes the folder that sshd asks for.
const LONE_SSHD = 'hostname "$1" && mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e'

function sshdArgv(spec: ContainerSpec): readonly string[] {
  const namespaces = ['--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child']
  return [
    'nsenter',
    `--net=/run/netns/${spec.namespace}`,
    'unshare',
    ...namespaces,
    `--root=${spec.root}`,
    '--mount-proc',
    '/bin/sh',
    '-c',
    LONE_SSHD,
    'sh',
    spec.hostname,
  ]
}

function nspawnArgv(spec: ContainerSpec): readonly string[] {
  return [
    'systemd-nspawn',
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--boot',
    // Its network is its own, so it may have rules for it.
    '--capability=CAP_NET_ADMIN',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    `--directory=${spec.root}`,
    `--machine=${spec.machine}`,
    `--hostname=${spec.hostname}`,
    `--network-namespace-path=/run/netns/${spec.namespace}`,
  ]
}

function leaderOf(child: ChildProcess, spec: ContainerSpec): number {
  const file = `/proc/${child.pid}/task/${child.pid}/children`
  const children = existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean) : []
  const leader = children.find(isFirstInItsNamespace)
  if (leader === undefined)
    throw new Error(`host ${spec.hostname} is not running; its console: ${spec.consoleFile}`)
  return Number(leader)
}

function isFirstInItsNamespace(pid: string): boolean {
  const file = `/proc/${pid}/status`
  return existsSync(file) && /^NSpid:.*\s1$/m.test(readFileSync(file, 'utf8'))
}
