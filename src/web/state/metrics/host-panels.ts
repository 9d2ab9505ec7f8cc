import { panel, type PanelWish, quoted } from './panel.ts'

const realDisk = 'device!~"(loop|ram|sr|fd|zram|dm-).*"'
const realFilesystem = 'fstype!~"tmpfs|devtmpfs|overlay|squashfs|ramfs|autofs|efivarfs"'
const realNetwork = 'device!~"lo|veth.*|docker.*|br-.*"'

type Of = (name: string, more?: string) => string

/** What is drawn of every host without any set-up, by the numbers that node_exporter has too. */
export function hostPanels(host: string): readonly PanelWish[] {
  const of: Of = (name, more = '') => `${name}{host=${quoted(host)}${more === '' ? '' : `,${more}`}}`
  return [...workPanels(of), ...waysPanels(of)]
}

/** Processor, memory, and who waits for them. */
function workPanels(of: Of): readonly PanelWish[] {
  const cores = `scalar(count(${of('node_cpu_seconds_total', 'mode="idle"')}))`
  return [
    panel('Processor', 'share', {
      query: `sum by (mode) (rate(${of('node_cpu_seconds_total', 'mode!="idle"')}[$window])) / ${cores}`,
      name: '{{mode}}',
    }),
    panel(
      'Memory',
      'bytes',
      {
        query: `${of('node_memory_MemTotal_bytes')} - ${of('node_memory_MemAvailable_bytes')}`,
        name: 'used',
      },
      { query: of('node_memory_MemTotal_bytes'), name: 'there is' },
    ),
    panel(
      'Load',
      'number',
      { query: of('node_load1'), name: 'of 1 minute' },
      { query: of('node_load5'), name: 'of 5 minutes' },
      { query: of('node_load15'), name: 'of 15 minutes' },
    ),
  ]
}

/** Disks and network. */
function waysPanels(of: Of): readonly PanelWish[] {
  return [
    panel('Disks, how full', 'share', {
      query: `1 - ${of('node_filesystem_avail_bytes', realFilesystem)} / ${of('node_filesystem_size_bytes', realFilesystem)}`,
      name: '{{mountpoint}}',
    }),
    panel(
      'Disks, read and written',
      'bytes per second',
      { query: `rate(${of('node_disk_read_bytes_total', realDisk)}[$window])`, name: '{{device}} read' },
      {
        query: `rate(${of('node_disk_written_bytes_total', realDisk)}[$window])`,
        name: '{{device}} written',
      },
    ),
    panel('Disks, busy', 'share', {
      query: `rate(${of('node_disk_io_time_seconds_total', realDisk)}[$window])`,
      name: '{{device}}',
    }),
    panel(
      'Network',
      'bytes per second',
      {
        query: `rate(${of('node_network_receive_bytes_total', realNetwork)}[$window])`,
        name: '{{device}} in',
      },
      {
        query: `rate(${of('node_network_transmit_bytes_total', realNetwork)}[$window])`,
        name: '{{device}} out',
      },
    ),
    panel(
      'Waited for',
      'share',
      { query: `rate(${of('node_pressure_cpu_waiting_seconds_total')}[$window])`, name: 'processor' },
      { query: `rate(${of('node_pressure_memory_waiting_seconds_total')}[$window])`, name: 'memory' },
      { query: `rate(${of('node_pressure_io_waiting_seconds_total')}[$window])`, name: 'disks' },
    ),
  ]
}
