import { hash } from 'node:crypto'
import type { Item, Manifest } from './manifest.ts'

/**
 * What a release consists of, as text that `sha256sum -c` reads (GNU coreutils manual: names with a newline or a
 * backslash are escaped and their line begins with a backslash; lines with `#` are comments). The comments say what
 * sums cannot: `# x PATH` before a file that may be executed, `# l PATH<tab>TARGET`, `# d PATH` for an empty folder.
 */
export const listOf = (manifest: Manifest): string => manifest.map(lineOf).join('')

/** Names everything a release consists of: what the hub signs and what hosts check. */
export const digestOfList = (list: string): string => hash('sha256', list)

function lineOf(item: Item): string {
  switch (item.type) {
    case 'file': {
      const path = escaped(item.path)
      const sum = `${path === item.path ? '' : '\\'}${item.sha256}  ${path}\n`
      return item.mode === 0o755 ? `# x ${path}\n${sum}` : sum
    }
    case 'link':
      return `# l ${escaped(item.path)}\t${escaped(item.to)}\n`
    case 'folder':
      return `# d ${escaped(item.path)}\n`
  }
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
