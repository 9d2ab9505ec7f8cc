import type { Fit } from './fit.ts'
import type { Project } from './project.ts'

/** What a `Procfile` says is what runs, whatever the project looked like; `release:` is what migrates. */
export function fitProcfile({ texts }: Project, fit: Fit): Fit {
  const lines = (texts.get('Procfile') ?? '').matchAll(/^([A-Za-z0-9_-]+):[ \t]*(\S.*?)[ \t\r]*$/gm)
  const all = [...lines].map(
    ([, name = '', command = '']) => [name.toLowerCase().replaceAll('_', '-'), command] as const,
  )
  const run = Object.fromEntries(all.filter(([name]) => name !== 'release' && /^[a-z]/.test(name)))
  if (Object.keys(run).length === 0) return fit
  const release = all.find(([name]) => name === 'release')?.[1]
  const isServer = run['web'] !== undefined
  return {
    ...fit,
    run,
    port: isServer ? (fit.port ?? 3000) : null,
    isPortFixed: isServer && fit.isPortFixed && !(run['web'] ?? '').includes('PORT'),
    health: isServer ? fit.health : null,
    hints: release === undefined ? fit.hints : [`migrate: ${JSON.stringify(release)},`],
  }
}
