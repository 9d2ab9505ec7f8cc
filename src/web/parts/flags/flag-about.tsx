import type { FlagView, KnobLook } from '../../../api/wire/flags.ts'
import { boundText, lookText, pauseText } from '../../../words/bound.ts'
import { expectationText } from '../../../words/expectation.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { servedWords, valueWords } from '../../words/flags/flag-words.ts'
import { Fact } from '../fact.tsx'
import { ChangeLink } from '../link.tsx'
import { When } from '../when.tsx'

type About = Readonly<{ view: FlagView; looked: KnobLook | null }>

/** What a flag is for, what can come out of it, and what people noted for the launch. */
export function FlagAbout({ view, looked }: About) {
  const { flag } = view
  const { description, owner, tags = [], expires, note } = flag.about ?? {}
  return (
    <>
      {description !== undefined && <p class="change-why">{plainText(description)}</p>}
      <dl class="facts">
        <Fact name="Type">{flag.type}</Fact>
        <Fact name="Variants">
          {Object.entries(flag.variants).map(([name, value]) => (
            <span key={name} class="flag-variant">
              {plainText(name)} <code>{valueWords(value)}</code>
            </span>
          ))}
        </Fact>
        <Fact name="While off">{servedWords(flag, flag.off)}</Fact>
        {owner !== undefined && <Fact name="Owner">{plainText(owner)}</Fact>}
        {expires !== undefined && <Fact name="Expires">{expires}</Fact>}
        {tags.length > 0 && <Fact name="Tags">{tags.map(plainText).join(', ')}</Fact>}
        {flag.knob !== undefined && (
          <Fact name="Knob">
            {flag.knob.min} to {flag.knob.max} {flag.knob.unit ?? ''}
          </Fact>
        )}
        <BoundFacts view={view} looked={looked} />
        {flag.watch !== undefined && (
          <Fact name="Rollouts watch">{flag.watch.map(expectationText).map(plainText).join('; ')}</Fact>
        )}
      </dl>
      {note !== undefined && (
        <section aria-labelledby="note">
          <h2 id="note">Launch note</h2>
          <dl class="flag-note">
            {note.metrics !== undefined && (
              <Fact name="Will move">{note.metrics.map(plainText).join(', ')}</Fact>
            )}
            {note.risks !== undefined && <Fact name="Risks">{plainText(note.risks)}</Fact>}
            {note.signs !== undefined && <Fact name="Signs">{plainText(note.signs)}</Fact>}
            {note.contingency !== undefined && (
              <Fact name="If it goes wrong">{plainText(note.contingency)}</Fact>
            )}
          </dl>
        </section>
      )}
    </>
  )
}

/** What turns its knob by itself, when that last did, and why it does not now. */
function BoundFacts({ view, looked }: About) {
  const bound = boundText(view.flag)
  if (bound === null) return null
  const [turned, paused] = [view.bound?.turned ?? null, pauseText(view, Date.now())]
  return (
    <>
      <Fact name="Turned by itself">{plainText(bound)}</Fact>
      {looked !== null && (
        <Fact name="Last look">
          <When at={looked.at} />: {plainText(lookText(looked))}
        </Fact>
      )}
      {turned !== null && (
        <Fact name="Last turn">
          <ChangeLink id={turned.change} />, <When at={turned.at} />: {plainText(turned.why)}
        </Fact>
      )}
      {paused !== null && <Fact name="Left alone">{plainText(paused)}</Fact>}
    </>
  )
}
