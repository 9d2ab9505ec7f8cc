import { readFile } from 'node:fs/promises'

/**
 * What editors read to complete and check a `tandem.ts`: the words of the configuration as a declaration of the module
 * `tandem`. `null` where Tandem was installed without them.
 */
export async function typesText(): Promise<string | null> {
  for (const name of ['wish.ts', 'wish.d.ts']) {
    const text = await readFile(new URL(`../config/${name}`, import.meta.url), 'utf8').catch(() => null)
    if (text === null) continue
    return `declare module 'tandem' {\n${text}\n/** Says that an object is the configuration of a team. */\nexport function tandem(wish: TeamWish): TeamWish\n}\n`
  }
  return null
}
