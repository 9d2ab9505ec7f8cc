import type { Described, Intake } from '../../intake.ts'
import { isLabelName, type Labels, labelsOf, metricName } from '../../labels.ts'
import type { Parcel } from '../../metrics-side.ts'
import type { MakeReader } from '../../thread/protocols.ts'
import { noSamples, takeAll } from '../fill.ts'
import { inflate } from '../inflate.ts'
import { joinLabels, type Said } from '../join-labels.ts'
import { labelFault } from '../label-limits.ts'
import { readPerfdata } from '../perfdata/perfdata.ts'
import { perfSamples } from '../perfdata/perfdata-samples.ts'
import { readPush } from '../push/read-push.ts'
import { Unreadable } from '../unreadable.ts'
import { usualLimits } from './limits.ts'

/** Lines as people and shell scripts push them. The labels of the parcel are those of its address. */
export const pushReader: MakeReader = (intake) => (parcel) => {
  const known = knownIn(parcel.labels)
  const separators = /^application\/x-www-form-urlencoded/i.test(parcel.contentType) ? '&' : ''
  const pushed = readPush(textIn(parcel), usualLimits.labels, separators)
  const samples = pushed.map(({ said, value, ms }) => ({ said, value, ms: ms ?? parcel.atMs }))
  return takeSaid(intake, samples, known)
}

/** What plugins of Nagios print. The label `check` of the parcel says which check it was. */
export const perfdataReader: MakeReader = (intake) => (parcel) => {
  const { check = '', ...rest } = parcel.labels
  if (check === '') throw new Unreadable('expected the name of the check: send to …/push/perfdata?check=disk')
  const samples = readPerfdata(textIn(parcel)).flatMap((datum) => perfSamples(check, datum))
  const known = knownIn(rest)
  const receipt = takeSaid(
    intake,
    samples.map(({ said, value }) => ({ said, value, ms: parcel.atMs })),
    known,
  )
  const described = new Map<string, Described>(samples.map((each) => [nameIn(each.said), each.described]))
  for (const [metric, each] of described) intake.describe(metric, each)
  return receipt
}

type SaidSample = Readonly<{ said: Said; value: number; ms: number }>

function takeSaid(intake: Intake, samples: readonly SaidSample[], known: Labels) {
  const columns = noSamples()
  for (const { said, value, ms } of samples) {
    columns.series.push(intake.numberOf(joinLabels(said, known, true)))
    columns.times.push(ms)
    columns.values.push(value)
  }
  return takeAll(intake, columns)
}

function textIn({ body, contentEncoding }: Parcel): string {
  const content = inflate(body, contentEncoding, { limitBytes: usualLimits.pushBytes })
  try {
    return decoder.decode(content)
  } catch (cause) {
    throw new Unreadable('the body is not UTF-8', { cause })
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function knownIn(labels: Parcel['labels']): Labels {
  for (const name of Object.keys(labels))
    if (!isLabelName(name) || name === metricName)
      throw new Unreadable(`${JSON.stringify(name.slice(0, 40))} cannot be the name of a label`)
  const fault = labelFault(new Map(Object.entries(labels)), usualLimits.labels)
  if (fault !== null) throw new Unreadable(fault)
  return labelsOf(labels)
}

const nameIn = (said: Said): string => said.get(metricName) ?? ''
