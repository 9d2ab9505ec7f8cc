import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFile, Tree } from './source.ts'

/** Not written by people, or planted mistakes. */
const skipped = new Set(['.git', 'node_modules', '.tandem', 'fixtures'])
const made = new Set(['build', 'sdk/build'])

const texts = /\.(ts|tsx|js|mjs|json|md|sh|css|html|yml|yaml|cfg|sql)$|^bin\/[\w-]+$|^\.ci\/\w+$/
const filesLimit = 20_000

/** Reads the tree under `root`. */
export function readTree(root: string): Tree {
  const paths = new Set<string>()
  walk(root, '', paths)
  const files: SourceFile[] = [...paths]
    .filter((path) => texts.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  return { files, paths }
}

function walk(root: string, folder: string, into: Set<string>): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (made.has(path)) continue
    if (entry.isDirectory()) walk(root, path, into)
    else if (entry.isFile()) into.add(path)
    if (into.size > filesLimit)
      throw new Error(
        `over ${filesLimit} files under ${root}; is a build folder missing from tools/tidy/walk.ts?`,
      )
  }
}
