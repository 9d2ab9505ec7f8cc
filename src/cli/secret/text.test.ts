import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSecretText, secretText, secretTextAbout } from './text.ts'

const secrets = new Map([
  ['PLAIN', 'postgres://a:b=c#d@e'],
  ['EMPTY', ''],
  ['BLANKS', '  "quoted" \\n $x  '],
  ['KEY', '-----BEGIN-----\nabc\n-----END-----\n'],
  ['ENDS', 'END\nEND_\n#no comment\nA=1'],
  ['CARRIAGE', 'a\r\nb\r'],
])

test('secrets come back from the editor as they went there, whatever is in them', () => {
  assert.deepEqual(readSecretText(secretTextAbout + secretText(secrets)), secrets)
})

test('a mistake in the text is named by its line, and no value is told', () => {
  const broken = (text: string): string => {
    try {
      readSecretText(text)
      return assert.fail('it was read')
    } catch (thrown) {
      return String(thrown)
    }
  }
  assert.match(broken('A=1\n\ncanary value\n'), /line 3 is neither NAME=value nor NAME<<WORD/)
  assert.doesNotMatch(broken('A=1\n\ncanary value\n'), /canary/)
  assert.match(broken('A=1\nA=2'), /line 2 says A once more/)
  assert.match(broken('A<<END\nb\n'), /line 1 begins A, which does not end/)
  assert.match(broken('1A=2'), /line 1/)
})
