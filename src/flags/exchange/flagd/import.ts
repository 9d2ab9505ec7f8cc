import { isObject, type Members } from '../../../../sdk/flag/check-shape.ts'
import type { About, Condition, Flag, Json, Segment } from '../../../../sdk/flag/flag.ts'
import { membersOf, readFile, strangeFile, textOf, typeOfAll } from '../read.ts'
import { carryEach, type Imported, NoEqual, type Remark, settled, type Tell } from '../remark.ts'
import { conditionIn } from './condition-in.ts'
import type { Logic } from './logic.ts'
import { rulesIn } from './rules-in.ts'

/** Flags out of a file for flagd. Its evaluators become segments. */
export function fromFlagd(text: string): Imported {
  const file = readFile(text, 'flagd')
  const all = flagsIn(file)
  const segments = new Map<string, Segment>()
  const evaluators = membersOf(file['$evaluators'])
  const segment = (name: string): Condition => {
    if (!segments.has(name)) segments.set(name, segmentIn(name, evaluators))
    return { segment: name }
  }
  const { carried, remarks } = carryEach(all, (found, flag, tell) => flagIn(found, { flag, tell, segment }))
  const isRuled = Object.values(carried).some(({ rules }) => rules !== undefined)
  return settled({
    set: { flags: carried, segments: Object.fromEntries(segments) },
    remarks: isRuled ? [...aboutTypes, ...remarks] : remarks,
  })
}

const aboutTypes: readonly Remark[] = [
  'texts that look like numbers are texts here: where a rule compares with a number, programs have to give one',
  'where an attribute is a list, a condition holds here when one of its elements fulfils it',
].map((says) => ({ flag: null, isLeftOut: false, says }))

/** By key; the daemon takes a list as well. */
function flagsIn(file: Members): readonly (readonly [string, unknown])[] {
  const { flags } = file
  if (isObject(flags)) return Object.entries(flags)
  if (!Array.isArray(flags)) throw strangeFile('flagd', "it has no 'flags'")
  return flags.map((each) => [textOf(membersOf(each)['key']) ?? '', each] as const)
}

function segmentIn(name: string, evaluators: Members): Segment {
  if (!Object.hasOwn(evaluators, name)) throw new NoEqual(`it names '${name}', which is not in $evaluators`)
  const nested = () => {
    throw new NoEqual(`'${name}' of $evaluators names another, which flagd does not follow`)
  }
  const reading = { flag: '', tell: () => {}, segment: nested, depth: 0 }
  return { when: conditionIn(evaluators[name] as Logic, reading) }
}

type Around = Readonly<{ flag: string; tell: Tell; segment: (name: string) => Condition }>

function flagIn(found: unknown, { flag, tell, segment }: Around): Flag {
  if (!isObject(found)) throw new NoEqual('it is no object')
  const variants = membersOf(found['variants']) as Readonly<Record<string, Json>>
  const type = typeOfAll(Object.values(variants))
  const fallback = textOf(found['defaultVariant'])
  const { state } = found
  if (state !== 'ENABLED' && state !== 'DISABLED') throw new NoEqual(`its state is ${JSON.stringify(state)}`)
  const targeting = membersOf(found['targeting']) as { readonly [name: string]: Json }
  const target = { flag, tell, segment, depth: 0, variants: Object.keys(variants), fallback }
  const rules = Object.keys(targeting).length === 0 ? [] : rulesIn(targeting, target)
  const about = aboutIn(membersOf(found['metadata']), tell)
  return {
    type,
    on: state === 'ENABLED',
    variants,
    default: fallback,
    // Flagd leaves a flag that is switched off to the program.
    off: null,
    ...(rules.length > 0 && { rules }),
    ...(about !== null && { about }),
  }
}

const known = ['description', 'owner', 'expires', 'tags']

function aboutIn(metadata: Members, tell: Tell): About | null {
  for (const name of Object.keys(metadata).filter((each) => !known.includes(each)))
    tell(`its metadata '${name}' has no place here`)
  const [description, owner, expires, tags] = known.map((name) => textOf(metadata[name]))
  const words = (tags ?? '').split(',').filter((word) => word !== '')
  const about = {
    ...(description && { description }),
    ...(owner && { owner }),
    ...(expires && { expires }),
    ...(words.length > 0 && { tags: words }),
  }
  return Object.keys(about).length === 0 ? null : about
}
