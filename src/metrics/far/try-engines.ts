import { existsSync } from 'node:fs'

/** A program that can be the far side, on loopback. */
export type Engine = Readonly<{
  name: string
  program: string
  args: (folder: string, port: number) => readonly string[]
  write: string
  /** What has it find what was just written. */
  flush: string | null
  /** Whether it computes as Prometheus does. */
  isSame: boolean
}>

export const engines: readonly Engine[] = [
  {
    name: 'Prometheus',
    program: '/usr/bin/prometheus',
    args: (folder, port) => [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ],
    write: '/api/v1/write',
    flush: null,
    isSame: true,
  },
  {
    name: 'VictoriaMetrics',
    program: '/usr/bin/victoria-metrics',
    args: (folder, port) => [
      `-storageDataPath=${folder}/data`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-search.latencyOffset=0s',
      '-loggerLevel=ERROR',
      '-memory.allowedBytes=64MB',
    ],
    write: '/api/v1/write',
    flush: '/internal/force_flush',
    isSame: false,
  },
]

/** Why a program is not tried; false where it is there. */
export function missing({ program }: Engine): string | false {
  return existsSync(program) ? false : `${program} is missing (apt-get install prometheus victoria-metrics)`
}
