import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { tasksOf, templatesOf } from './playbook.ts'
import { recipeText } from './recipe-text.ts'
import { hundredWishes, usualWishes } from './usual.ts'
import { usualAccess, type Wish } from './wish.ts'

describe('wishes', () => {
  const file = (path: string): Wish => ({
    sort: 'file',
    path,
    text: `it's "${path}" \`$\{x}\`\n`,
    ...usualAccess,
  })

  it('are 33 for the comparison, and 100 for counting', () => {
    assert.equal(usualWishes('/srv/x', 'x').length, 33)
    assert.equal(hundredWishes('/srv/x', 'x').length, 100)
  })

  it('become a recipe whose calls have exactly their names and options', () => {
    const text = `[\n${recipeText([file('/a'), { sort: 'link', path: '/l', to: '/t' }])}]`
    const say = (word: string) => (name: string, options: unknown) => ({ word, name, options })
    const said: unknown = runInNewContext(text, { file: say('file'), link: say('link') })
    assert.deepEqual(JSON.parse(JSON.stringify(said)), [
      { word: 'file', name: '/a', options: { content: 'it\'s "/a" `${x}`\n' } },
      { word: 'link', name: '/l', options: { to: '/t' } },
    ])
  })

  it('become tasks of Ansible: those of one module in a row are one loop, and their order stays', () => {
    const tasks = tasksOf([file('/a'), file('/b'), { sort: 'link', path: '/l', to: '/t' }, file('/c')])
    assert.deepEqual(
      tasks.map((task) => [Object.keys(task)[0], (task['loop'] as readonly unknown[]).length]),
      [
        ['copy', 2],
        ['file', 1],
        ['copy', 1],
      ],
    )
  })

  it('are not told to Ansible when it would read them as a template', () => {
    assert.throws(
      () => tasksOf([{ sort: 'file', path: '/a', text: '{{ a }}', ...usualAccess }]),
      /a text for Ansible/,
    )
  })

  it('become templates that Jinja fills from the item of the loop', () => {
    const wish: Wish = {
      sort: 'template',
      path: '/etc/a',
      text: '{{ who }}\n',
      vars: { who: 'x' },
      ...usualAccess,
    }
    assert.deepEqual([...templatesOf([wish])], [['etc-a.j2', "{{ item['vars']['who'] }}\n"]])
  })
})
