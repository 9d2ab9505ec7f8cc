/** The facts of a host in the order and the words in which people read them; what is not known by name comes last. */
export function factRows(
  facts: Readonly<Record<string, unknown>>,
): readonly Readonly<{ name: string; value: string }>[] {
  const { os, version, codename, memoryMb, cpus, ...others } = facts
  const known = [
    { name: 'system', value: wordsOf([os, version, codename]) },
    { name: 'processors', value: wordsOf([cpus]) },
    { name: 'memory', value: typeof memoryMb === 'number' ? memoryWords(memoryMb) : '' },
  ]
  const rest = Object.entries(others).map(([name, value]) => ({ name, value: wordsOf([value]) }))
  return [...known, ...rest].filter(({ value }) => value !== '')
}

const memoryWords = (mb: number): string => (mb < 1024 ? `${mb} MB` : `${(mb / 1024).toFixed(1)} GB`)

const wordsOf = (values: readonly unknown[]): string =>
  values
    .flatMap((value) => (Array.isArray(value) ? [value.join(', ')] : [value]))
    .filter((value) => value !== undefined && value !== null && value !== '')
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(' ')
