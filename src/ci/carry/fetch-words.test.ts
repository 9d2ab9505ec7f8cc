import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fetchWords } from './fetch-words.ts'

const spec = { artifact: null, output: '.', reports: [] }

function fetched(words: readonly string[], paths: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-fetch-'))
  try {
    for (const path of paths) {
      mkdirSync(join(folder, dirname(path)), { recursive: true })
      writeFileSync(join(folder, path), 'x')
    }
    symlinkSync('/etc', join(folder, 'out'))
    const script = join(import.meta.dirname, 'fetch.sh')
    const tar = execFileSync('sh', [script, ...words], { cwd: folder })
    const names = execFileSync('tar', ['--list', '--file=-'], { input: tar, encoding: 'utf8' })
    return names.trim().split('\n').toSorted()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

void test('nothing is fetched where nothing is wanted', () => {
  assert.deepEqual(fetchWords(spec, []), [])
  assert.deepEqual(fetchWords({ ...spec, artifact: { part: 'gets', at: 'dist' } }, []), [])
})

void test('the artifact and what caches need come whole, what is not there does not matter', () => {
  const words = fetchWords({ ...spec, artifact: { part: 'makes' }, output: 'dist' }, [
    '-deps',
    "it's",
    'none',
  ])
  const found = fetched(words, ['dist/a/b', 'other', '-deps/c', "it's/d"])
  assert.deepEqual(found, [
    './-deps/',
    './-deps/c',
    './dist/',
    './dist/a/',
    './dist/a/b',
    "./it's/",
    "./it's/d",
  ])
})

void test('a link is fetched as a link', () => {
  assert.deepEqual(fetched(fetchWords({ ...spec, artifact: { part: 'makes' }, output: 'out' }, []), []), [
    './out',
  ])
})

void test('reports are found by their patterns, and installed packages are not searched', () => {
  const reports = ['junit.xml', 'reports/*.xml', '**/TEST-*.xml', 'all/**', '$HOME;id.xml']
  const there = [
    'junit.xml',
    'reports/a.xml',
    'reports/b.txt',
    'x/y/TEST-1.xml',
    'node_modules/z/TEST-2.xml',
    'all/q/r',
  ]
  const found = fetched(fetchWords({ ...spec, reports }, []), there)
  assert.deepEqual(found, ['./all/q/r', './junit.xml', './reports/a.xml', './x/y/TEST-1.xml'])
})
