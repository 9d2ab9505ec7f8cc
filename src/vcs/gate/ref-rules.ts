import { isProtected, type RepoConfig } from '../../config/repo/repo.ts'
import type { Push, RefMove } from '../push.ts'
import { mostMoves } from '../hooks/read-head.ts'

const longestName = 200

/** Why these moves may not be, as far as their names and the rules for branches tell; each with what to do now. */
export async function againstRefs(
  push: Push,
  config: Pick<RepoConfig, 'protect'>,
  isAncestor: (from: string, to: string) => Promise<boolean>,
): Promise<readonly string[]> {
  if (push.movesLeftOut > 0) {
    return [
      `this push moves ${push.moves.length + push.movesLeftOut} refs, and ${mostMoves} is the most`,
      '  now: push them in parts: `git push tandem BRANCH …`',
    ]
  }
  for (const move of push.moves) {
    const why = nameTrouble(move.ref) ?? (await branchTrouble(move, config, isAncestor))
    if (why !== null) return why
  }
  return []
}

function nameTrouble(ref: string): readonly string[] | null {
  const now = '  now: push it under another name: `git push tandem HERE:THERE`'
  if (!/^refs\/(heads|tags)\//.test(ref)) {
    return [
      `${shown(ref)} is neither a branch nor a tag`,
      '  now: push branches and tags only, without --mirror',
    ]
  }
  if (ref.length > longestName)
    return [`the name of ${shown(ref)} is over ${longestName} characters long`, now]
  if (/\/-|[^\p{L}\p{M}\p{N}._/+@#=,%-]/u.test(ref)) {
    return [`${shown(ref)} has characters in its name that shells and browsers read as something else`, now]
  }
  return null
}

async function branchTrouble(
  { ref, from, to }: RefMove,
  config: Pick<RepoConfig, 'protect'>,
  isAncestor: (from: string, to: string) => Promise<boolean>,
): Promise<readonly string[] | null> {
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? []
  if (branch === undefined || from === null || !isProtected(config, branch)) return null
  if (to === null) {
    return [
      `${branch} is protected: it is not deleted`,
      '  now: take it out of `protect` in tandem.ts if it must go',
    ]
  }
  if (await isAncestor(from, to)) return null
  return [
    `${branch} is protected and only grows: this push leaves out commits that others have`,
    `  now: \`git pull --rebase\` and push again; to take a commit back, \`git revert\` it`,
  ]
}

/** For a terminal: nothing in it is taken for anything but text. */
export const shown = (name: string): string =>
  name.length > 300 ? `${clean(name.slice(0, 300))}…` : clean(name)

const clean = (name: string): string => name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
