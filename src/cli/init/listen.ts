import type { Project } from './project.ts'

/** How the program of a project listens, as far as its text shows. */
export type Listening = Readonly<{ type: 'no' } | { type: 'variable' | 'fixed'; port: number | null }>

const variable = /(?:env(?:iron)?(?:\.|\[['"]|\.get\(['"]|\(['"])|[Gg]etenv\(['"]|\$\{?)PORT\b/
const variableWithDefault = /PORT(?:['"]?\s*(?:\|\||\?\?|,|\]\s*\|\||\]\s*\?\?|\)\s*or|:-)\s*['"]?)(\d{2,5})/
const listens = /\.listen\(|createServer\(|Bun\.serve|Deno\.serve|\.run\(|ListenAndServe|\bserve\(/
const fixed = /(?:\.listen\(\s*|port\s*[=:]\s*|PORT\s*=\s*|ListenAndServe\(\s*"[^":]*:)(\d{2,5})\b/

/** Reads the sources with these endings (tests and configuration left out) for a port that they listen on. */
export function listeningOf({ texts }: Project, endings: readonly string[]): Listening {
  const read = [...texts].filter(
    ([file]) => endings.some((ending) => file.endsWith(ending)) && !isAside(file),
  )
  const all = read.map(([, text]) => text)
  const byVariable = all.find((text) => variable.test(text))
  if (byVariable !== undefined) {
    return { type: 'variable', port: portIn(variableWithDefault.exec(byVariable)) }
  }
  const listener = all.find((text) => listens.test(text) && fixed.test(text))
  if (listener !== undefined) return { type: 'fixed', port: portIn(fixed.exec(listener)) }
  return all.some((text) => /\.listen\(|createServer\(/.test(text))
    ? { type: 'variable', port: null }
    : { type: 'no' }
}

/** A health path that the sources mention, such as `/healthz`. */
export function healthIn({ texts }: Project): string | null {
  for (const [file, text] of texts) {
    const found = isAside(file)
      ? null
      : /['"`](\/(?:api\/)?(?:health|healthz|healthcheck|_health|up|ready|readyz))\/?['"`]/.exec(text)
    if (found?.[1] !== undefined) return found[1]
  }
  return null
}

function isAside(file: string): boolean {
  return /(^|\/)(tests?|__tests__|spec|scripts|docs|examples?|migrations|public|static)\/|\.(test|spec)\.|(^|\/)(test_|conftest|setup\.py)|config\.[cm]?[jt]s$/.test(
    file,
  )
}

function portIn(match: RegExpExecArray | null): number | null {
  const port = Number(match?.[1])
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null
}
