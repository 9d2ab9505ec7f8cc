import { type Fit, unfitted } from './fit.ts'
import { healthIn, listeningOf } from './listen.ts'
import type { Project } from './project.ts'

/** A Go module with a program at its top. */
export function fitGo(project: Project): Fit | null {
  const module = /^module (\S+)/m.exec(project.texts.get('go.mod') ?? '')?.[1]
  const hasMain = [...project.texts].some(
    ([file, text]) => /^[^/]+\.go$/.test(file) && /^package main$/m.test(text),
  )
  if (module === undefined || !hasMain) return null
  const listening = listeningOf(project, ['.go'])
  const isServer = listening.type !== 'no'
  return {
    ...unfitted,
    kind: 'a Go program',
    name: module.split('/').at(-1) ?? null,
    build: { run: 'mkdir -p out && CGO_ENABLED=0 go build -o out/program .', output: null },
    run: isServer ? { web: 'out/program' } : { worker: 'out/program' },
    port: isServer ? (listening.port ?? 8080) : null,
    isPortFixed: listening.type === 'fixed',
    health: isServer ? healthIn(project) : null,
  }
}
