import { type Fit, unfitted } from './fit.ts'
import type { Project } from './project.ts'

/** Every Debian and Ubuntu server has Python; nothing has to be installed for it to serve a folder. */
export const serveFolder = 'python3 -m http.server $PORT --bind 127.0.0.1'

/** A folder with an `index.html`: it is served as it is. */
export function fitStatic({ files }: Project): Fit | null {
  const folder = ['', 'public/', 'site/', 'dist/'].find((one) => files.includes(`${one}index.html`))
  if (folder === undefined) return null
  const from = folder === '' ? '' : ` --directory ${folder.slice(0, -1)}`
  return {
    ...unfitted,
    kind: 'a static site',
    run: { web: serveFolder + from },
    port: 8080,
    health: '/',
    runtime: 'python3',
  }
}
