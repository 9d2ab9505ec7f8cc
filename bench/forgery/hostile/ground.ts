import { execFileSync } from 'node:child_process'
import type { SmallForge } from '../../../src/vcs/forges/small-forge.ts'

/** A bare repository to plant something in. */
export type Ground = Pick<SmallForge, 'dir' | 'git'>

/** A repository made to have its own code run by whoever fetches, shows, checks out or builds it. */
export type Hostile = Readonly<{
  name: string
  /** `touch` is a command that leaves a trace outside, if it is ever run there. */
  plant: (ground: Ground, touch: string) => void
}>

export type Item = Readonly<{ mode: string; name: string | Buffer; hash: string }>

export const main = 'refs/heads/main'

/** Bytes become an object, whatever git thinks of them. */
export function object(
  { dir }: Ground,
  kind: 'blob' | 'tree' | 'commit' | 'tag',
  bytes: Buffer | string,
): string {
  const args = ['hash-object', '-w', '--literally', '-t', kind, '--stdin']
  return execFileSync('git', args, { cwd: dir, input: bytes, encoding: 'utf8', maxBuffer: 1e9 }).trim()
}

/** A tree with these items as they stand, in no other order. */
export function tree(ground: Ground, items: readonly Item[]): string {
  const parts = items.map(({ mode, name, hash }) =>
    Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.from([0]), Buffer.from(hash, 'hex')]),
  )
  return object(ground, 'tree', Buffer.concat(parts))
}

export const file = (
  ground: Ground,
  name: string | Buffer,
  text: string | Buffer,
  mode = '100644',
): Item => ({ mode, name, hash: object(ground, 'blob', text) })

export const program = (ground: Ground, name: string, text: string): Item =>
  file(ground, name, text, '100755')

export const link = (ground: Ground, name: string, to: string): Item => file(ground, name, to, '120000')

export const folder = (ground: Ground, name: string, items: readonly Item[]): Item => ({
  mode: '40000',
  name,
  hash: tree(ground, items),
})

export const submodule = (name: string): Item => ({ mode: '160000', name, hash: 'c'.repeat(40) })

/** A commit of these items on a branch. */
export function commit(ground: Ground, items: readonly Item[], ref = main, message = 'Be good'): string {
  const hash = ground.git('commit-tree', tree(ground, items), '-m', message)
  ground.git('update-ref', '--end-of-options', ref, hash)
  return hash
}

/** Files by name, in the order that git wants. */
export const files = (ground: Ground, texts: Readonly<Record<string, string>>): readonly Item[] =>
  Object.entries(texts)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, text]) => file(ground, name, text))

export const sh = (command: string): string => `#!/bin/sh\n${command}\n`
