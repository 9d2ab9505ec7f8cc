import { shAssign } from '../../remote/quote.ts'

/** A tiny program that tells a host that it can still be reached; it ends with 1 when that comes too late. */
export function confirmProgramOf(change: string, nonce: string): string {
  return `${shAssign({ CHANGE: change, NONCE: nonce })}${confirming}`
}

const confirming = `U=$ROOT/undo/$CHANGE
{ read -r nonce rest <"$U/armed"; } 2>/dev/null
[ "\${nonce-}" = "$NONCE" ] && mv -T "$U/armed" "$U/confirmed" && sync "$U"
`
