import type { Happening } from '../../change/entry.ts'

/** One happening of the ledger as a line that a person reads. */
export function happeningWords(happening: Happening): string {
  switch (happening.type) {
    case 'ordered':
      return `${happening.order.who} ordered it by ${happening.order.door}: ${happening.order.why}`
    case 'leased':
      return `got the lease on its target, token ${happening.token}`
    case 'planned':
      return `plan: ${happening.plan.title}`
    case 'announced':
      return happening.trouble === null
        ? `announced in ${happening.room}: ${happening.text}`
        : `could not announce in ${happening.room}: ${happening.trouble}`
    case 'stage-started':
      return `stage ${happening.stage} began`
    case 'stage-done':
      return `stage ${happening.stage} is done`
    case 'step-started':
      return `${happening.step} began`
    case 'step-done':
      return `${happening.step} is done`
    case 'step-failed':
      return `${happening.step} failed: ${happening.trouble.what}`
    case 'watched':
      return `watched ${happening.stage}: ${happening.verdict}`
    case 'stop-asked':
      return `${happening.who} asked it to stop, by ${happening.door}`
    case 'overruled':
      return `${happening.who} overruled the guard: ${happening.why}`
    case 'decided':
      return `decided to ${happening.to}: ${happening.why}`
    case 'undo-started':
      return `undoing ${happening.step}`
    case 'undo-done':
      return `${happening.step} is undone`
    case 'undo-failed':
      return `undoing ${happening.step} failed: ${happening.trouble.what}`
    case 'fenced':
      return `${happening.host} is fenced: ${happening.why}`
    case 'healed':
      return `${happening.host} was healed by ${happening.by}`
    case 'resumed':
      return `resumed: ${happening.why}`
    case 'note':
      return happening.text
    case 'refused':
    case 'undone':
    case 'stuck':
      return `${happening.type}: ${happening.trouble.what}`
    case 'withdrawn':
      return `${happening.who} withdrew it: ${happening.why}`
    case 'finished':
      return 'finished'
  }
}
