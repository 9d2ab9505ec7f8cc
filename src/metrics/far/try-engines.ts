import { existsSync } from 'node:fs'

/** A program that can be the far side, on loopback. */
export type Engine = Readonly<{
  name: string
  program: string
  args: (folder: string, port: number) => readonly string[]
  write: string
  /** How soon what was written is found. */
  flush: string | null
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
  },
]

/** Why a program is not tried; false where it is there. */
export function missing({ program }: Engine): string | false {
  return existsSync(program) ? false : `${program} is missing (apt-get install prometheus victoria-metrics)`
}
