import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Marked, marksAbout } from '../../change/occurrence.ts'
import type { ChangeMark, Ledger } from '../../store/store.ts'
import type { Asked, World } from '../person/auth.ts'
import { anyBodyOf, queryOf } from '../body.ts'
import type { HubSide } from '../hub-side.ts'
import { doesOf } from '../changes/views.ts'
import type { ChangeMarkView, MarkRoutes, MarkView, OtherMarkView } from '../wire/marks.ts'

const marksLimit = 10_000

const time = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const span = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => from <= to, 'from must not be after to')

const long = z.string().trim().max(4_000)
const tags = z.array(z.string().max(200)).max(50)

/** As Grafana's clients send it. What names a dashboard or panel of theirs means nothing here. */
const grafanaBody = z.object({
  text: long.min(1),
  tags: tags.default([]),
  time: time.optional(),
  timeEnd: time.optional(),
})

/** As Graphite's clients send it: tags in a list, or in one text between blanks. */
const graphiteBody = z.object({
  what: long.min(1),
  data: long.default(''),
  tags: z.union([tags, z.string().max(10_000).transform(wordsOf)]).default([]),
  when: z.coerce.number().min(0).max(8.64e12).optional(),
})

/** Routes that say what graphs mark, and take marks of other systems. */
export function markRoutes({ store }: HubSide, { now }: World): Hono<Asked> {
  const routes = new Hono<Asked>()
  routes.get('/marks', async (c) => {
    const { from, to } = queryOf(c, span)
    return c.json<MarkRoutes['GET /api/marks']>(await marksIn(store.ledger, from, to))
  })
  const keep = async (c: Context<Asked>, mark: Marked) => {
    await store.ledger.record(marksAbout, mark, now())
    const id = await store.ledger.lastSeq()
    return c.json<MarkRoutes['POST /api/annotations']>({ message: 'Annotation added', id })
  }
  routes.post('/annotations', async (c) => {
    const body = await anyBodyOf(c, grafanaBody)
    return keep(c, markOfGrafana(body, c.var.asker.name, now()))
  })
  for (const path of ['/annotations/graphite', '/events', '/events/'])
    routes.post(path, async (c) => {
      const body = await anyBodyOf(c, graphiteBody)
      return keep(c, markOfGraphite(body, c.var.asker.name, now()))
    })
  return routes
}

async function marksIn(ledger: Ledger, fromMs: number, toMs: number): Promise<MarkRoutes['GET /api/marks']> {
  const asked = { fromMs, toMs, limit: marksLimit + 1 }
  const seq = await ledger.lastSeq()
  const [changes, others] = await Promise.all([ledger.marks(asked), ledger.marked(asked)])
  const isCut = changes.length > marksLimit || others.length > marksLimit
  const marks: readonly MarkView[] = [
    ...changes.slice(0, marksLimit).map(changeView),
    ...others.slice(0, marksLimit).flatMap((aside) => (aside.type === 'marked' ? [otherView(aside)] : [])),
  ]
  return { marks, isCut, seq }
}

function changeView({ order, ...mark }: ChangeMark): ChangeMarkView {
  const { kind, target, who, door, why, reverts } = order
  return {
    type: 'change',
    ...mark,
    title: mark.title ?? target,
    kind,
    does: doesOf(order.wish),
    target,
    who,
    door,
    why,
    reverts,
  }
}

function otherView({
  seq,
  sender,
  title,
  text,
  tags: named,
  who,
  from,
  until,
}: Marked & { seq: number }): OtherMarkView {
  return { type: 'other', seq, sender, title, text, tags: named, who, from, until }
}

function markOfGrafana(body: z.infer<typeof grafanaBody>, who: string, now: number): Marked {
  const [title = '', ...rest] = body.text.split('\n')
  const from = body.time ?? now
  const until = body.timeEnd === undefined || body.timeEnd <= from ? null : body.timeEnd
  return {
    type: 'marked',
    title: title.trim(),
    text: rest.join('\n').trim(),
    tags: body.tags,
    who,
    sender: 'grafana',
    from,
    until,
  }
}

function markOfGraphite(body: z.infer<typeof graphiteBody>, who: string, now: number): Marked {
  const from = body.when === undefined ? now : Math.round(body.when * 1_000)
  return {
    type: 'marked',
    title: body.what,
    text: body.data,
    tags: body.tags,
    who,
    sender: 'graphite',
    from,
    until: null,
  }
}

function wordsOf(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .slice(0, 50)
}
