import { z } from 'zod'
import type { Json } from '../../change/json.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { LoweringWorld, Resource, ResourceSort } from '../recipe/resource.ts'
import { pathThing } from '../things/path-thing.ts'
import { contentOf, placeOf } from './content.ts'
import { fillTemplate, type Template } from './fill-template.ts'
import { all, atLeastOne, atMostOne } from './rules.ts'
import { shownPlace } from '../recipe/refuse.ts'
import { access, accessOf, check, content, options, path, source } from './words.ts'

const vars = z.record(z.string(), z.json(), { error: 'an object, such as { port: 80 }' })

const templateOptions = options(
  {
    source: source.optional(),
    text: content.optional(),
    vars: vars.optional(),
    ...access,
    check: check.optional(),
  },
  "source: 'files/nginx.conf.mustache'",
).superRefine(
  all(
    atMostOne('source', 'text'),
    atLeastOne(['source', 'text'], "'files/nginx.conf.mustache', or text: '…'", null),
  ),
)

type TemplateOptions = z.output<typeof templateOptions>

/** A file whose bytes are a Mustache template, filled in with `vars` and with what is known of the `host`. */
export const template: ResourceSort<TemplateOptions> = {
  type: 'template',
  name: path,
  options: templateOptions,
  lower: async (resource, world) => {
    const { options, name } = resource
    const filled = await fillTemplate(await templateOf(resource, world), valuesFor(options, world))
    const want = { type: 'file', content: contentOf(filled, world), ...accessOf(options) } as const
    return [pathThing(placeOf(name, world), want, options.check)]
  },
}

function valuesFor({ vars }: TemplateOptions, { host }: LoweringWorld): Json {
  return { host: { ...host, facts: { ...host.facts } }, ...vars }
}

async function templateOf(
  { options, at }: Resource<TemplateOptions>,
  world: LoweringWorld,
): Promise<Template> {
  const { source, text = '' } = options
  const place = shownPlace(at)
  if (source === undefined) return { text, whereIs: (line) => `${place}, line ${line} of its text` }
  const bytes = await world.bytesOf(source, at)
  return { text: decoded(bytes, source), whereIs: (line) => `${source}:${line}` }
}

function decoded(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    const now = 'save it as UTF-8, or give it to file() as it is'
    throw new TroubleError({ what: 'the template is not UTF-8', where: source, now }, { cause })
  }
}
