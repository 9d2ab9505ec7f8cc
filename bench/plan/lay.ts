import { chmodSync, lchownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Old } from './cases.ts'

/** Puts onto a host, from outside, what a case says lay there before. */
export function lay(root: string, old: readonly Old[]): void {
  const accounts = accountsIn(root)
  for (const one of old) {
    const file = join(root, one.path)
    if (one.type === 'link') {
      symlinkSync(one.to, file)
      continue
    }
    if (one.type === 'file') writeFileSync(file, one.text)
    else mkdirSync(file)
    const [uid, gid] = accounts.get(one.owner) ?? [0, 0]
    lchownSync(file, uid, gid)
    // A change of the owner takes setuid away.
    chmodSync(file, one.mode)
  }
}

function accountsIn(root: string): ReadonlyMap<string, readonly [number, number]> {
  const lines = readFileSync(join(root, 'etc/passwd'), 'utf8').split('\n').filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [name = '', , uid, gid] = line.split(':')
      return [name, [Number(uid), Number(gid)]]
    }),
  )
}
