import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { person } from './project.ts'
import { must, openStory, type Story, type StoryOptions, teamOn } from './story.ts'

/** What a story says of recipes: the inside of the function from `host` to resources, and how they are applied. */
export type Recipe = Readonly<{
  body: string
  stages?: readonly string[]
  files?: Readonly<Record<string, string>>
}>

/** A story about infrastructure: hosts with the role `web`, whose recipe stands in `web.ts` from its third line on. */
export type InfraStory = Story &
  Readonly<{
    say: (recipe: string | Recipe) => Promise<void>
    /** `tandem apply WORDS` that succeeds; what it said. */
    applied: (...words: readonly string[]) => Promise<string>
    /** Applies once more: nothing may be left to do, and drift must find nothing. */
    rests: () => Promise<void>
  }>

export async function openInfraStory(options: StoryOptions): Promise<InfraStory> {
  const story = await openStory({ files: 1, bytes: 1_000, ...options })
  const applied = async (...words: readonly string[]): Promise<string> =>
    must(await story.run(['apply', ...words])).out
  return {
    ...story,
    say: (recipe) => writeRecipe(story, typeof recipe === 'string' ? { body: recipe } : recipe),
    applied,
    rests: async () => {
      assert.match(await applied(), /plan: apply to .*: nothing to do/, 'a second apply changed something')
      const { out } = must(await story.run(['drift']))
      assert.doesNotMatch(out, /differs/)
    },
  }
}

async function writeRecipe({ lab, folder }: Story, { body, stages, files = {} }: Recipe): Promise<void> {
  const { hosts } = teamOn(lab, {})
  const people = { [person]: { name: 'Ada', may: 'everything' } }
  const infra = { stages: stages ?? ['canary', 'rest'], drift: 'never' }
  const wish = JSON.stringify({ people, hosts, infra }, null, 2)
  const team = `import { tandem } from 'tandem'\nimport { web } from './web.ts'\n\nexport default tandem({ ...${wish}, roles: { web } })\n`
  const words = `import { ${wordsIn(body).join(', ')} } from 'tandem'`
  const recipe = `${words}\nexport function web(host) {\n${body.trim()}\n}\n`
  const all = { 'tandem.ts': team, 'web.ts': recipe, ...files }
  await Promise.all(Object.entries(all).map(([name, text]) => writeFile(join(folder, name), text)))
}

const known =
  'apt aptRepository baseline certificate directory download exec file firewall line link secret service template unit user'

const wordsIn = (body: string): readonly string[] =>
  known.split(' ').filter((word) => new RegExp(`\\b${word}\\(`).test(body))
