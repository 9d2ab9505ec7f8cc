import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mustRunSync, runSync } from './run.ts'

/** Where a host is plugged in: a veth pair from the lab's bridge into a network namespace of its own. */
export type Socket = Readonly<{
  bridge: string
  veth: string
  namespace: string
  address: string
  mac: string
  gateway: string
}>

const PREFIX_LENGTH = 24
const FIRST_HOST = 10

export function bridgeName(lab: number): string {
  return `tl${lab}`
}

export function gatewayAddress(lab: number): string {
  return `10.77.${lab}.1`
}

/** The socket of the lab's index-th host, counted from 1. */
export function socketOf(lab: number, index: number): Socket {
  const bridge = bridgeName(lab)
  return {
    bridge,
    veth: `${bridge}h${index}`,
    namespace: `${bridge}-h${index}`,
    address: `10.77.${lab}.${FIRST_HOST + index}`,
    mac: macOf(lab, index),
    gateway: gatewayAddress(lab),
  }
}

// A host keeps its network card through a power loss; with another one, its neighbours would go on talking to
// the card that is gone.
function macOf(lab: number, index: number): string {
  const bytes = [lab, index].map((number) => number.toString(16).padStart(2, '0'))
  return `02:77:6c:61:${bytes.join(':')}`
}

/** Makes the bridge and lets its hosts out to the world, so that their apt reaches a mirror. */
export function openBridge(lab: number): void {
  const bridge = bridgeName(lab)
  ip([
    `link add ${bridge} mtu ${outerMtu()} type bridge`,
    `addr add ${gatewayAddress(lab)}/${PREFIX_LENGTH} dev ${bridge}`,
    `link set ${bridge} up`,
  ])
  for (const rule of natRules(lab))
    mustRunSync(['iptables', '-w', '10', '-t', rule.table, '-A', ...rule.words])
}

/** Plugs hosts in; a socket that was in use is made anew, with nothing left of its connections. */
export function plugIn(sockets: readonly Socket[]): void {
  const mtu = outerMtu()
  ip(
    sockets.flatMap((socket) => [
      `netns add ${socket.namespace}`,
      `link add ${socket.veth} mtu ${mtu} type veth peer name eth0 address ${socket.mac} mtu ${mtu} netns ${socket.namespace}`,
      `link set ${socket.veth} master ${socket.bridge} up`,
    ]),
  )
  for (const { namespace, address, gateway } of sockets)
    ip(
      [
        'link set lo up',
        `addr add ${address}/${PREFIX_LENGTH} dev eth0`,
        'link set eth0 up',
        `route add default via ${gateway}`,
      ],
      ['-n', namespace],
    )
}

export function unplug(socket: Socket): void {
  // The veth goes first: a namespace is taken apart later, in the kernel's own time, and would keep its name.
  runSync(['ip', 'link', 'del', socket.veth])
  runSync(['ip', 'netns', 'del', socket.namespace])
}

export function setCable(socket: Socket, state: 'up' | 'down'): void {
  mustRunSync(['ip', 'link', 'set', socket.veth, state])
}

/** Takes away everything a lab has made, whatever of it is there. */
export function removeNetwork(lab: number): void {
  const bridge = bridgeName(lab)
  const links = readdirSync('/sys/class/net').filter(
    (name) => name === bridge || name.startsWith(`${bridge}h`),
  )
  const namespaces = existsSync('/run/netns')
    ? readdirSync('/run/netns').filter((name) => name.startsWith(`${bridge}-`))
    : []
  ip(
    [...links.map((link) => `link del ${link}`), ...namespaces.map((name) => `netns del ${name}`)],
    ['-force'],
  )
  for (const rule of natRules(lab)) runSync(['iptables', '-w', '10', '-t', rule.table, '-D', ...rule.words])
}

type FirewallRule = Readonly<{ table: 'nat' | 'filter'; words: readonly string[] }>

// The two forward rules matter where the machine's own firewall forwards nothing, as with Docker's.
function natRules(lab: number): readonly FirewallRule[] {
  const bridge = bridgeName(lab)
  const subnet = `10.77.${lab}.0/${PREFIX_LENGTH}`
  return [
    { table: 'nat', words: ['POSTROUTING', '-s', subnet, '!', '-o', bridge, '-j', 'MASQUERADE'] },
    { table: 'filter', words: ['FORWARD', '-i', bridge, '-j', 'ACCEPT'] },
    { table: 'filter', words: ['FORWARD', '-o', bridge, '-j', 'ACCEPT'] },
  ]
}

// One process for many orders: starting programs is what opening a lab would otherwise spend its time on.
function ip(orders: readonly string[], flags: readonly string[] = []): void {
  if (orders.length === 0) return
  const argv = ['ip', ...flags, '-batch', '-']
  const outcome = runSync(argv, { input: `${orders.join('\n')}\n` })
  if (outcome.code !== 0 && !flags.includes('-force'))
    throw new Error(`${argv.join(' ')} failed: ${outcome.stderr.trim()}; asked for: ${orders.join('; ')}`)
}

// Hosts behind a link of a smaller MTU would otherwise hang on the first large answer from the mirror.
function outerMtu(): number {
  const routes = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1)
  const device = routes.map((line) => line.split('\t')).find((fields) => fields[1] === '00000000')?.[0]
  const file = `/sys/class/net/${device ?? 'lo'}/mtu`
  const mtu = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 1500
  return Math.min(1500, mtu)
}
