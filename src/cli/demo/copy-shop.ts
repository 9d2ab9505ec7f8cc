import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { thisMachine, usualFolders } from '../init/machine.ts'
import { typesText } from '../init/types.ts'
import { type Place, placeIn } from './place.ts'
import { runHere } from './run-here.ts'

const firstPort = 8080
const mostPortsTried = 20
/** How many things the shop sold at each commit of its past. */
const past = [3, 4, 6]

/** Copies the example shop once, with a port that is free and a git repository. Says whether it was new. */
export async function copyShop(place: Place): Promise<boolean> {
  if (await isThere(join(place.shop, '.git'))) return false
  if (!(await isThere(place.example))) {
    throw new TroubleError({
      what: 'the demo needs the example shop, and there is none here',
      where: place.example,
      now: 'clone the repository of Tandem and run `npm start` there',
    })
  }
  const part = placeIn(place.root, `${place.shop}.part`)
  await rm(part.shop, { recursive: true, force: true })
  await mkdir(dirname(part.shop), { recursive: true })
  await cp(place.example, part.shop, { recursive: true, filter: isPartOfIt })
  await fitConfig(part.shop)
  await runHere(part, 'history', { dir: part.shop, ...(await pastOf(part.shop)) })
  await rename(part.shop, place.shop)
  return true
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const isPartOfIt = (path: string): boolean =>
  !/\/(dist|data|node_modules|\.tandem|[^/]+\.test\.ts)$/.test(path)

/** The example's `tandem.ts` with what differs by machine: a free port, where Node is, where editors find the words. */
async function fitConfig(shop: string): Promise<void> {
  const file = join(shop, 'tandem.ts')
  const written = await readFile(file, 'utf8')
  const types = await typesText()
  const port = await freePort(firstPort)
  const folder = dirname(process.execPath)
  const env = usualFolders.includes(folder)
    ? ''
    : `      // Where Node is on this machine.\n      env: { PATH: '${[folder, ...usualFolders].join(':')}' },\n`
  const fitted = written.replace(/^ *port: \d+,\n/m, `      port: ${port},\n${env}`)
  const head = types === null ? '' : '/// <reference path=".tandem/tandem.d.ts" />\n'
  await mkdir(join(shop, '.tandem'), { recursive: true, mode: 0o700 })
  if (types !== null) await writeFile(join(shop, '.tandem/tandem.d.ts'), types)
  await writeFile(file, head + fitted)
}

export async function portOf(shop: string): Promise<number> {
  const written = await readFile(join(shop, 'tandem.ts'), 'utf8')
  const [, digits] = /^ *port: (\d+),/m.exec(written) ?? []
  if (digits !== undefined) return Number(digits)
  throw new TroubleError({
    what: 'the demo shop has no port any more',
    where: join(shop, 'tandem.ts'),
    now: `write \`port: ${firstPort},\` there, or delete ${shop} and begin anew`,
  })
}

/** Gives the shop another port, because another program has taken its own. */
export async function moveShop(place: Place, from: number): Promise<number> {
  const file = join(place.shop, 'tandem.ts')
  const port = await freePort(from + 1)
  const written = await readFile(file, 'utf8')
  await writeFile(file, written.replace(`port: ${from},`, `port: ${port},`))
  await runHere(place, 'save', { dir: place.shop, file: 'tandem.ts', message: `Move to port ${port}` })
  return port
}

async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + mostPortsTried; port += 1)
    if (await thisMachine.isPortFree(port)) return port
  throw new TroubleError({
    what: `the ports ${first} to ${first + mostPortsTried - 1} are all taken`,
    now: 'stop what listens on one of them, and `npm start` again',
  })
}

async function pastOf(shop: string): Promise<Readonly<Record<string, string>>> {
  const whole = JSON.parse(await readFile(join(shop, 'shop.json'), 'utf8')) as {
    products: readonly unknown[]
  }
  const versions = past.map((count, index) => {
    const then = { ...whole, products: whole.products.slice(0, count) }
    return [`shop-${index + 1}`, `${JSON.stringify(then, null, 2)}\n`] as const
  })
  return Object.fromEntries(versions)
}
