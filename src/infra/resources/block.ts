import type { z } from 'zod'
import { TroubleError } from '../../change/trouble.ts'
import { text } from '../../config/values/wanted.ts'
import type { Resource, ResourceSort } from '../recipe/resource.ts'
import { pathThing, sharedPath } from '../things/path-thing.ts'
import type { Edit } from '../things/thing.ts'
import { placeOf } from './content.ts'
import { all, atLeastOne, onlyWithout } from './rules.ts'
import { access, accessOf, check, content, options, path, yes } from './words.ts'
import { shownPlace } from '../recipe/refuse.ts'

const blockOptions = options(
  {
    content: content.optional(),
    marker: text("a few words, such as 'hosts of the shop'", /^[^\p{Cc}\p{Co}]{1,200}$/u).optional(),
    comment: text("how a comment begins, such as '#'", /^[^\p{Cc}\p{Co}\s]{1,10}$/u).optional(),
    absent: yes.optional(),
    create: yes.optional(),
    ...access,
    check: check.optional(),
  },
  "content: '10.0.0.5 db\\n'",
).superRefine(
  all(
    atLeastOne(['content'], "'10.0.0.5 db\\n'", 'absent'),
    onlyWithout('content', 'absent'),
    onlyWithout('create', 'absent'),
  ),
)

type BlockOptions = z.output<typeof blockOptions>

/** Some lines between two marks, in a file that is somebody else's. */
export const block: ResourceSort<BlockOptions> = {
  type: 'block',
  name: path,
  options: blockOptions,
  called: (name, { marker }) => (marker === undefined ? name : `${name}: ${marker}`),
  lower: async (resource, world) => {
    const { options } = resource
    const want = {
      type: 'edited',
      edits: [editOf(resource)],
      create: options.create === true,
      ...accessOf(options),
    } as const
    return [sharedPath(pathThing(placeOf(resource.name, world), want, options.check), resource.id)]
  },
}

function editOf({ options, at }: Resource<BlockOptions>): Edit {
  const { content = '', marker = 'tandem', comment = '#', absent } = options
  const begin = `${comment} BEGIN ${marker}`
  const end = `${comment} END ${marker}`
  if (absent === true) return { type: 'no block', begin, end }
  const lines = content === '' || content.endsWith('\n') ? content : `${content}\n`
  const own = lines.split('\n').find((line) => line === begin || line === end)
  if (own === undefined) return { type: 'block', begin, end, lines }
  throw new TroubleError({
    what: `the block has the line '${own}', which is its own mark`,
    where: shownPlace(at),
    now: 'give it another marker',
  })
}
