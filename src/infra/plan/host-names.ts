/** Names of hosts in few words: `web1-web50, db`. Three or more in a row are folded; the order stays. */
export function foldNames(names: readonly string[]): string {
  const runs: Run[] = []
  for (const name of names) {
    const last = runs.at(-1)
    const next = last === undefined ? null : joined(last, name)
    if (next === null) runs.push({ names: [name] })
    else runs[runs.length - 1] = next
  }
  return runs.map(runText).join(', ')
}

type Run = Readonly<{ names: readonly string[] }>

function joined({ names }: Run, name: string): Run | null {
  return follows(names.at(-1) ?? '', name) ? { names: [...names, name] } : null
}

/** `web09` and `web10` follow each other, and `web9` and `web10`; `web9` and `web010` do not. */
function follows(one: string, other: string): boolean {
  const [, stem = '', digits] = /^(.*?)(\d+)$/.exec(one) ?? []
  if (digits === undefined || digits.length > 9) return false
  return other === stem + String(Number(digits) + 1).padStart(digits.length, '0')
}

function runText({ names }: Run): string {
  return names.length < 3 ? names.join(', ') : `${names[0] ?? ''}-${names.at(-1) ?? ''}`
}
