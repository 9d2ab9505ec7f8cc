import { readFile } from 'node:fs/promises'

/** The words of the configuration, in files that hold declarations and nothing else. */
const names = [
  'wish',
  'repo/wish',
  'metrics/wish',
  'metrics/keep-wish',
  'metrics/wires-wish',
  'metrics/graph-pages-wish',
  'metrics/remote-wish',
  'infra/recipe-wish',
  'infra/resource-wish',
  'infra/system-wish',
]

/**
 * What editors read to complete and check a `tandem.ts`: the words of the configuration as a declaration of the module
 * `tandem`. `null` where Tandem was installed without them.
 */
export async function typesText(): Promise<string | null> {
  const texts = await Promise.all(names.map(textOf))
  if (texts.includes(null)) return null
  return `declare module 'tandem' {\n${texts.join('\n')}\n/** Says that an object is the configuration of a team. */\nexport function tandem(wish: TeamWish): TeamWish\n}\n`
}

/** In one module they need not import each other, and everything in it is a declaration. */
async function textOf(name: string): Promise<string | null> {
  for (const ending of ['.ts', '.d.ts']) {
    const file = new URL(`../../config/${name}${ending}`, import.meta.url)
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text !== null)
      return text.replaceAll(/^import type .*\n/gm, '').replaceAll(/^export declare /gm, 'export ')
  }
  return null
}
