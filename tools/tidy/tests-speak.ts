import { codeOf, type Finding, importsOf, isTest, lineAt, type SourceFile } from './source.ts'

/** What makes a test say nothing, each with what to do. Matched against code: words in strings do not count. */
const silences: readonly Readonly<{ pattern: RegExp; says: string }>[] = [
  {
    pattern: /\b(?:it|test|describe|suite)\.skip\s*\(/g,
    says: "a skipped test without words; write `t.skip('why, and where it does run')` inside it",
  },
  { pattern: /\bskip:\s*true\b/g, says: "a skipped test without words; write `{ skip: 'why' }`" },
  { pattern: /\.skip\(\s*\)/g, says: "a skipped test without words; write `t.skip('why')`" },
  {
    // Elsewhere `only` is a word of recipes.
    pattern: /\.only\s*\(|\b(?:it|test|describe|suite)\s*\([^(){}]*\{[^{}]*\bonly:\s*true\b/g,
    says: '`only` silences every other test; take it out',
  },
  {
    pattern: /\b(?:it|test|describe|suite)\.todo\s*\(|\btodo:\s*(?:true\b|['"`])|\.todo\(/g,
    says: 'a test that is yet to be written; write it or leave it out',
  },
  {
    pattern: /\bassert(?:\.ok)?\(\s*true\b/g,
    says: 'an assertion that cannot fail; assert what was observed',
  },
]

/** Tests that cannot fail or are kept from running. */
export function silentTests(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isTest(file.path) || /conformance[^/]*(\.ts$|\/)/.test(file.path))
    .flatMap((file) => {
      const code = codeOf(file.text)
      const silent = silences.flatMap(({ pattern, says }) =>
        [...code.matchAll(pattern)].map((match) => ({
          path: file.path,
          line: lineAt(file.text, match.index),
          says,
        })),
      )
      return !isTest(file.path) || asserts(file, code)
        ? silent
        : [...silent, { path: file.path, line: 1, says: nothingAsserted }]
    })
}

const nothingAsserted = 'a test file without an assertion proves nothing; assert, or run a conformance suite'

function asserts(file: SourceFile, code: string): boolean {
  return (
    /\bassert\b[.(]/.test(code) ||
    importsOf(file).some((found) => /conformance/.test(found.specifier) && found.kind === 'value')
  )
}
