import type { Happening } from '../../change/entry.ts'
import type { Tone } from '../../words/paint.ts'

/** One thing that happened, in words. A step is named apart, so that its host can stand beside it. */
export type Told = Readonly<{ step: string | null; host: string | null; text: string; tone: Tone }>

export function tellHappening(happening: Happening): Told {
  switch (happening.type) {
    case 'ordered':
      return told(orderText(happening.order), 'bold')
    case 'leased':
      return told('its turn has come')
    case 'planned':
      return told(`plan: ${happening.plan.title}`, 'bold')
    case 'announced':
      return tellAnnouncement(happening)
    case 'stage-started':
      return told(`stage ${happening.stage}`, 'bold')
    case 'stage-done':
      return told(`stage ${happening.stage} is done`, 'good')
    case 'watched':
      return tellWatched(happening)
    case 'step-started':
      return toldStep(happening.step, 'begins', 'dim')
    case 'step-done':
      return toldStep(happening.step, 'done')
    case 'step-failed':
      return toldStep(happening.step, `failed: ${happening.trouble.what}`, 'bad')
    case 'undo-started':
      return toldStep(happening.step, 'is being undone', 'dim')
    case 'undo-done':
      return toldStep(happening.step, 'undone', 'care')
    case 'undo-failed':
      return toldStep(happening.step, `could not be undone: ${happening.trouble.what}`, 'bad')
    case 'stop-asked':
      return told(`${happening.who} asks to stop and undo it (by ${happening.door})`, 'care')
    case 'overruled':
      return told(`${happening.who} overrules the guard: ${happening.why}`, 'care')
    case 'decided':
      return told(happening.to === 'finish' ? 'goes ahead' : `is being undone: ${happening.why}`, 'bold')
    case 'fenced':
      return { ...told(`is left behind: ${happening.why}`, 'care'), host: happening.host }
    case 'healed':
      return { ...told(`is healed by ${happening.by}`, 'good'), host: happening.host }
    case 'resumed':
      return told(`taken up again: ${happening.why}`, 'care')
    case 'note':
      return told(happening.text)
    case 'refused':
      return told(`refused, nothing changed: ${happening.trouble.what}`, 'bad')
    case 'withdrawn':
      return told(`withdrawn by ${happening.who}, nothing changed${reason(happening.why)}`, 'care')
    case 'finished':
      return told('done', 'good')
    case 'undone':
      return told(`failed and was undone: ${happening.trouble.what}`, 'bad')
    case 'stuck':
      return told(`needs a person: ${happening.trouble.what}`, 'bad')
  }
}

type Of<T extends Happening['type']> = Extract<Happening, { type: T }>

const told = (text: string, tone: Tone = 'plain'): Told => ({ step: null, host: null, text, tone })

const toldStep = (step: string, text: string, tone: Tone = 'plain'): Told => ({
  step,
  host: null,
  text,
  tone,
})

const reason = (why: string): string => (why === '' ? '' : `: ${why}`)

function orderText(order: Of<'ordered'>['order']): string {
  const what =
    order.reverts === null ? `${order.kind} ${order.target}` : `revert ${order.reverts} on ${order.target}`
  return `${order.who} orders: ${what} (by ${order.door})${reason(order.why)}`
}

function tellAnnouncement({ room, text, trouble }: Of<'announced'>): Told {
  return trouble === null
    ? told(`told ${room}: ${text}`, 'dim')
    : told(`could not tell ${room}: ${trouble}`, 'care')
}

function tellWatched({ stage, verdict, evidence }: Of<'watched'>): Told {
  const text = [`${stage} looks ${verdict}`, ...evidence].join('; ')
  return told(text, verdict === 'healthy' ? 'good' : verdict === 'harmful' ? 'bad' : 'care')
}
