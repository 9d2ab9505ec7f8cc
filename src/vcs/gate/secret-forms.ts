/** A kind of secret that is known by its form. `needle` stands in each of them, so that most files are passed over fast. */
type Form = Readonly<{ is: string; needle: string; pattern: RegExp }>

const forms: readonly Form[] = [
  {
    is: 'a private key',
    needle: ' PRIVATE KEY',
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\r?\n|\\n|\\r\\n)[^-]{0,400}?[A-Za-z0-9+/=]{40}/,
  },
  { is: 'a key of age', needle: 'AGE-SECRET-KEY-1', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/ },
  { is: 'a token of this hub', needle: 'tdm_', pattern: /\btdm_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/ },
  {
    is: 'a token of GitHub',
    needle: 'gh',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/,
  },
  { is: 'a token of GitLab', needle: 'gl', pattern: /\bgl(?:pat|ptt|dt|rt|cbt|agent)-[A-Za-z0-9_-]{20,}/ },
  { is: 'a key of AWS', needle: 'A', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { is: 'a token of Slack', needle: 'xox', pattern: /\bxox[abeoprs]-(?:[0-9A-Za-z]+-){1,5}[0-9A-Za-z]{16,}/ },
  { is: 'a key of Stripe', needle: '_live_', pattern: /\b[sr]k_live_[0-9A-Za-z]{20,}/ },
  { is: 'a key of Google', needle: 'AIza', pattern: /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/ },
  { is: 'a token of npm', needle: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { is: 'a token of PyPI', needle: 'pypi-', pattern: /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}/ },
  { is: 'a key of Anthropic', needle: 'sk-ant-', pattern: /\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{80,}/ },
]

/** Keys of AWS begin with one of two words, which no single needle has. */
const isWorthALook = (bytes: Buffer, { needle }: Form): boolean =>
  needle === 'A' ? bytes.includes('AKIA') || bytes.includes('ASIA') : bytes.includes(needle)

/** What in these bytes has the form of a secret, and in which line; null = nothing. */
export function secretForm(bytes: Buffer): Readonly<{ is: string; line: number }> | null {
  for (const form of forms) {
    if (!isWorthALook(bytes, form)) continue
    const text = bytes.toString('latin1')
    const found = form.pattern.exec(text)
    if (found !== null && !isExample(found[0])) return { is: form.is, line: lineAt(text, found.index) }
  }
  return null
}

/** Documents show keys that are none. */
const isExample = (found: string): boolean => /EXAMPLE|x{8}|X{8}|0{8}|\.{3}/.test(found)

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length
