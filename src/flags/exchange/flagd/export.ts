import type { About, Flag, FlagSet } from '../../../../sdk/flag/flag.ts'
import { carryEach, NoEqual, type Remark, type Tell } from '../remark.ts'
import { allOf, type Building, requirementLogic } from './condition-out.ts'
import { type FlagdFile, type FlagdFlag, flagdSchema, type Logic } from './logic.ts'
import { rulesLogic } from './rules-out.ts'

/** A flag that names others can grow without end when they are written out. */
const partsLimit = 20_000

/** All flags in the words of flagd. Those that it cannot say are left out; each of them has its remark. */
export function toFlagd(set: FlagSet): Readonly<{ file: FlagdFile; remarks: readonly Remark[] }> {
  const all = Object.entries(set.flags).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const { carried, remarks } = carryEach(all, (flag, _key, tell) => flagdFlag(flag, set, tell))
  const hasConditions = all.some(([, { rules = [] }]) => rules.some(({ when }) => when !== undefined))
  return {
    file: { $schema: flagdSchema, flags: carried },
    remarks: hasConditions ? [aboutLists, ...remarks] : remarks,
  }
}

const aboutLists: Remark = {
  flag: null,
  isLeftOut: false,
  says: 'flagd does not look into lists: where an attribute is a list, a condition holds here when one element fulfils it, and in flagd it does not',
}

function flagdFlag(flag: Flag, set: FlagSet, tell: Tell): FlagdFlag {
  const about = metadataOf(flag.about)
  const head = { variants: flag.variants, ...(about !== null && { metadata: about }) }
  if (!flag.on) return switchedOff(flag, head, tell)
  const building = makeBuilding(set, tell)
  const { requires = [], rules = [] } = flag
  if (requires.length === 0) {
    const logic = rulesLogic(rules, null, building)
    return { state: 'ENABLED', defaultVariant: flag.default, ...head, ...targeting(logic) }
  }
  const holds = allOf(requires.map((each) => requirementLogic(each, building)))
  // Null means the default of flagd; where `off` is another, both are written out.
  const isOne = flag.off === flag.default
  const logic = {
    if: [holds, rulesLogic(rules, isOne ? null : flag.default, building), isOne ? null : flag.off],
  }
  return { state: 'ENABLED', defaultVariant: isOne ? flag.default : null, ...head, ...targeting(logic) }
}

/** A flag that is switched off gives `off` here; in flagd that leaves it to the program. */
function switchedOff(flag: Flag, head: Pick<FlagdFlag, 'variants' | 'metadata'>, tell: Tell): FlagdFlag {
  if ((flag.rules ?? []).length > 0 || (flag.requires ?? []).length > 0)
    tell('it is switched off: the file says what everybody gets now, and none of its rules')
  if (flag.off === null) return { state: 'DISABLED', defaultVariant: null, ...head }
  return { state: 'ENABLED', defaultVariant: flag.off, ...head }
}

function targeting(logic: Logic): Readonly<{ targeting?: Logic }> {
  if (logic === null) return {}
  return { targeting: typeof logic === 'object' ? logic : { if: [true, logic] } }
}

function makeBuilding(set: FlagSet, tell: Tell): Building {
  let parts = 0
  const building: Building = {
    set,
    tell,
    spend: () => {
      parts += 1
      if (parts > partsLimit) throw new NoEqual(`written out for flagd it has more than ${partsLimit} parts`)
    },
    decisionOf: (key) => decisionLogic(set.flags[key], building),
  }
  return building
}

/** The variant a flag gives, or null: for those that ask for it. */
function decisionLogic(flag: Flag | undefined, building: Building): Logic {
  if (flag === undefined) return null
  if (!flag.on) return flag.off
  const { requires = [], rules = [] } = flag
  const logic = rulesLogic(rules, flag.default, building)
  if (requires.length === 0) return logic
  return { if: [allOf(requires.map((each) => requirementLogic(each, building))), logic, flag.off] }
}

/** Metadata of flagd are texts, numbers and truths by name. */
function metadataOf(about: About = {}): Readonly<Record<string, string>> | null {
  const { description, owner, expires, tags } = about
  const metadata = {
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(expires !== undefined && { expires }),
    ...(tags !== undefined && { tags: tags.join(',') }),
  }
  return Object.keys(metadata).length === 0 ? null : metadata
}
