import { apps } from '../plan-of.ts'
import { playHosts } from '../play-hosts.ts'

export type PlaySeries = Readonly<{
  labels: Readonly<Record<string, string>>
  /** Its value at a time in milliseconds. */
  at: (ms: number) => number
}>

const day = 86_400_000
const gigabyte = 2 ** 30

/** A curve that is the same every day, shifted a little for each who has it. */
const daily =
  (seed: number, least: number, most: number) =>
  (ms: number): number => {
    const turn = ((ms + seed * 7_919_000) / day) * 2 * Math.PI
    const jitter = Math.sin(ms / 91_000 + seed * 3) * 0.12 + Math.sin(ms / 17_000 + seed) * 0.05
    return least + (most - least) * Math.min(1, Math.max(0, 0.5 - Math.cos(turn) * 0.35 + jitter))
  }

/** A counter that grows by so much in a second: the sum of the curve, near enough to draw. */
const counter =
  (perSecond: number) =>
  (ms: number): number =>
    (ms / 1_000) * perSecond + (Math.sin(ms / 600_000) + Math.sin(ms / 3_700_000)) * perSecond * 90

const series = (
  name: string,
  labels: Readonly<Record<string, string>>,
  at: PlaySeries['at'],
): PlaySeries => ({
  labels: { __name__: name, ...labels },
  at,
})

export const playSeries: readonly PlaySeries[] = [
  ...playHosts.flatMap(({ host }, seed) => hostSeries(host, seed + 1)),
  ...apps.flatMap((app, seed) => app.hosts.flatMap((host, nth) => appSeries(app, host, seed * 5 + nth))),
  ...['process_cpu_seconds_total', 'tandem_requests_total'].map((name, nth) =>
    series(name, { job: 'tandem', instance: 'hub' }, counter(nth + 0.04)),
  ),
  ...playHosts.map(({ host }) => series('up', { job: 'host', host, instance: host }, () => 1)),
  series('process_resident_memory_bytes', { job: 'tandem', instance: 'hub' }, daily(3, 1.4e8, 1.6e8)),
]

function hostSeries(host: string, seed: number): readonly PlaySeries[] {
  const of = { host, job: 'host', instance: host }
  const cores = ['0', '1'].flatMap((cpu) =>
    ['user', 'system', 'iowait', 'idle'].map((mode, nth) =>
      series('node_cpu_seconds_total', { ...of, cpu, mode }, counter([0.22, 0.08, 0.03, 0.67][nth] ?? 0)),
    ),
  )
  return [
    ...cores,
    series('node_memory_MemTotal_bytes', of, () => 8 * gigabyte),
    series('node_memory_MemAvailable_bytes', of, daily(seed, 3 * gigabyte, 5 * gigabyte)),
    series('node_load1', of, daily(seed, 0.1, 2.4)),
    series('node_load5', of, daily(seed, 0.2, 1.8)),
    series('node_load15', of, daily(seed, 0.3, 1.4)),
    series('node_filesystem_size_bytes', { ...of, mountpoint: '/', fstype: 'ext4' }, () => 80 * gigabyte),
    series(
      'node_filesystem_avail_bytes',
      { ...of, mountpoint: '/', fstype: 'ext4' },
      daily(seed, 30e9, 33e9),
    ),
    ...['read', 'written'].map((what) =>
      series(`node_disk_${what}_bytes_total`, { ...of, device: 'vda' }, counter(120_000)),
    ),
    series('node_disk_io_time_seconds_total', { ...of, device: 'vda' }, counter(0.06)),
    ...['receive', 'transmit'].map((what, nth) =>
      series(`node_network_${what}_bytes_total`, { ...of, device: 'eth0' }, counter(80_000 * (nth + 1))),
    ),
    ...['cpu_waiting', 'memory_waiting', 'io_waiting'].map((what, nth) =>
      series(`node_pressure_${what}_seconds_total`, of, counter([0.02, 0.001, 0.008][nth] ?? 0)),
    ),
  ]
}

type OfApp = Readonly<{ app: string; environment: string }>

function appSeries({ app, environment: env }: OfApp, host: string, seed: number): readonly PlaySeries[] {
  const of = { app, env, host, job: app, instance: host }
  const front = { app, env, host, proxy: `${app}.${env}` }
  const both = ['a', 'b'].flatMap((server, nth) => {
    const slot = { ...front, server, release: nth === 0 ? '9c1e07a' : '3f2a1c9' }
    const perSecond = nth === 0 ? 42 : 0.4
    return [
      series('haproxy_server_http_responses_total', { ...slot, code: '2xx' }, counter(perSecond)),
      series('haproxy_server_http_responses_total', { ...slot, code: '5xx' }, counter(perSecond * 0.002)),
      series('haproxy_server_response_time_average_seconds', slot, daily(seed + nth, 0.02, 0.09)),
    ]
  })
  return [
    ...both,
    series('haproxy_backend_http_requests_total', front, counter(42)),
    series('haproxy_backend_http_responses_total', { ...front, code: '2xx' }, counter(42)),
    series('haproxy_backend_http_responses_total', { ...front, code: '5xx' }, counter(0.08)),
    series('haproxy_backend_response_time_average_seconds', front, daily(seed, 0.02, 0.09)),
    series('haproxy_backend_bytes_in_total', front, counter(9_000)),
    series('haproxy_backend_bytes_out_total', front, counter(140_000)),
    series('haproxy_backend_current_queue', front, () => 0),
    series('process_cpu_seconds_total', of, counter(0.3)),
    series('process_resident_memory_bytes', of, daily(seed, 9e7, 1.4e8)),
    series(`${app}_orders_total`, of, counter(1.7)),
    series(`${app}_basket_size`, of, daily(seed, 1, 6)),
    ...['0.1', '0.5', '+Inf'].map((le, nth) =>
      series(`${app}_checkout_seconds_bucket`, { ...of, le }, counter(1 + nth)),
    ),
  ]
}
