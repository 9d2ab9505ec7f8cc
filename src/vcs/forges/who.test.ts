import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOf, personOf } from './who.ts'

const people = {
  ada: { forges: { 'github.com': 'ada-l', 'git.example.org:3000': 'ada' } },
  bob: { forges: {} },
}
const github = { url: 'https://github.com/team/shop' }

test('somebody of a forge is the person who wrote that name down, for that forge, in any spelling', () => {
  assert.equal(personOf(people, github, 'Ada-L'), 'ada')
  assert.equal(personOf(people, { url: 'http://git.example.org:3000/team/shop' }, 'ada'), 'ada')
  assert.equal(nameOf(people, github, 'ada-l'), 'ada')
})

test('an equal name proves nothing', () => {
  for (const login of ['ada', 'bob', 'constructor']) {
    assert.equal(personOf(people, github, login), null)
    assert.equal(nameOf(people, github, login), `forge:${login}`)
  }
})
