/**
 * What the configuration reads beside its modules: when such a file changes, it has to be asked again. Travels as text,
 * like `evaluate.ts`.
 */
import type { Loading } from './evaluate-outcome.ts'

export const readFunctions = [watchReads, noteRead]

/** Functions that say something about a path, which is their first argument. */
export function watchReads(loading: Loading): void {
  const { fs, module } = loading
  const names = [
    'readFile',
    'readFileSync',
    'readdir',
    'readdirSync',
    'stat',
    'statSync',
    'existsSync',
    'openSync',
  ]
  for (const on of [fs, fs.promises]) {
    for (const name of names) {
      const original: unknown = Reflect.get(on, name)
      if (typeof original !== 'function') continue
      Reflect.set(on, name, (...words: unknown[]): unknown => {
        noteRead(words[0], loading)
        return Reflect.apply(original, on, words)
      })
    }
  }
  module.syncBuiltinESMExports()
}

/** Files of packages stay as they are; what is not there yet may come. */
export function noteRead(found: unknown, { dir, path, url, reads }: Loading): void {
  if (typeof found !== 'string' && !(found instanceof URL)) return
  const file = found instanceof URL ? url.fileURLToPath(found) : path.resolve(dir, found)
  if (file.startsWith(`${dir}/`) && !file.includes('/node_modules/')) reads.add(file)
}
