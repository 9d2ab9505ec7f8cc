import type { Page } from '../page.ts'
import { wordsOf } from './words.ts'

/** The columns of `/proc/net/dev` behind the name of the device, in their order. */
const columns = [
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'].map(
    (name) => `receive_${name}`,
  ),
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'].map(
    (name) => `transmit_${name}`,
  ),
]

/** Of the counters of the protocols, those that node_exporter shows. */
const wanted =
  /^(.*_(InErrors|InErrs)|Icmp_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$/

export function netNumbers(page: Page, linesOf: (name: string) => readonly string[]): void {
  deviceNumbers(page, linesOf('netdev'))
  protocolNumbers(page, [...linesOf('snmp'), ...linesOf('netstat')])
  socketNumbers(page, linesOf('sockstat'))
}

function deviceNumbers(page: Page, lines: readonly string[]): void {
  for (const line of lines) {
    const [, device, counts] = /^\s*([^|]+):\s*(\d.*)$/.exec(line) ?? []
    if (device === undefined || counts === undefined) continue
    for (const [at, count] of wordsOf(counts).entries()) {
      const name = columns[at]
      if (name === undefined) continue
      const help = `Network device statistic ${name}.`
      page.metric(`node_network_${name}_total`, 'counter', help)(Number(count), { device })
    }
  }
}

/** Two lines each: the names, and the counts below them. */
function protocolNumbers(page: Page, lines: readonly string[]): void {
  for (const [at, line] of lines.entries()) {
    const [protocol = '', ...names] = wordsOf(line)
    const [below, ...counts] = wordsOf(lines[at + 1] ?? '')
    if (below !== protocol || /^-?\d/.test(names[0] ?? '')) continue
    for (const [nth, name] of names.entries()) {
      const word = `${protocol.replace(':', '')}_${name}`
      if (!wanted.test(word)) continue
      page.metric(
        `node_netstat_${word}`,
        'unknown',
        `Statistic ${word.replace('_', '')}.`,
      )(Number(counts[nth]))
    }
  }
}

function socketNumbers(page: Page, lines: readonly string[]): void {
  for (const line of lines) {
    const [protocol = '', ...pairs] = wordsOf(line)
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const word = `${protocol.replace(':', '')}_${pairs[at]}`
      const help = `Number of ${protocol.replace(':', '')} sockets in state ${pairs[at]}.`
      page.metric(`node_sockstat_${word}`, 'gauge', help)(Number(pairs[at + 1]))
    }
  }
}
