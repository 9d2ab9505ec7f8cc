import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactDir } from '../artifact/artifact.ts'
import { type HubKey, type SignedText, seal, unseal } from './envelope.ts'
import { type Provenance, readStatement, statementOf } from './statement.ts'

/** The same bytes may come from many commits; older statements than these are let go. */
const mostStatements = 200

/** What is said of a release, and the same as hosts check it. */
export type Signed = Readonly<{ provenance: Provenance; forHosts: SignedText }>

/** Signed statements beside the artifacts: `ID.intoto.jsonl`, one envelope a line, newest last. */
export type Shelf = Readonly<{
  /** The public half of the key, as a line of OpenSSH. */
  keyLine: string
  keyId: string
  /** Signs and keeps a statement; one about the same commit and run replaces the one before. */
  put: (made: Omit<Provenance, 'hub'>) => Promise<Signed>
  /** The statements about a release that this hub has signed, newest last. Others beside them are not listened to. */
  of: (release: string) => Promise<readonly Signed[]>
}>

export function openShelf(stateDir: string, key: HubKey): Shelf {
  const dir = artifactDir(stateDir)
  const fileOf = (release: string): string => join(dir, `${release}.intoto.jsonl`)
  let last = Promise.resolve<unknown>(null)

  const of = async (release: string): Promise<readonly Signed[]> =>
    (await linesIn(fileOf(release))).flatMap((line) => readLine(key, line) ?? [])

  const put = async (made: Omit<Provenance, 'hub'>): Promise<Signed> => {
    const provenance = { ...made, hub: key.id }
    const line = JSON.stringify(seal(key, statementOf(provenance)))
    const kept = (await linesIn(fileOf(made.release))).filter((other) => {
      const said = readLine(key, other)?.provenance
      return said !== undefined && !(said.commit === made.commit && said.run === made.run)
    })
    await writeWhole(fileOf(made.release), [...kept.slice(1 - mostStatements), line])
    const signed = readLine(key, line)
    if (signed === null) throw new Error('a statement that was just signed cannot be read')
    return signed
  }

  return {
    keyLine: key.line,
    keyId: key.id,
    of,
    put: (made) => {
      const done = last.then(() => put(made))
      last = done.catch(() => null)
      return done
    },
  }
}

function readLine(key: HubKey, line: string): Signed | null {
  const opened = unseal(key, jsonIn(line))
  const provenance = opened === null ? null : readStatement(opened.text)
  if (opened === null || provenance === null) return null
  return { provenance, forHosts: opened.forHosts }
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

async function linesIn(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.split('\n').filter((line) => line !== '')
}

async function writeWhole(path: string, lines: readonly string[]): Promise<void> {
  const part = `${path}.${process.pid}.part`
  try {
    await writeFile(part, lines.map((line) => `${line}\n`).join(''), { flush: true })
    await rename(part, path)
  } catch (thrown) {
    await rm(part, { force: true })
    throw thrown
  }
}
