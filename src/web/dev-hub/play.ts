import type { Happening } from '../../change/entry.ts'
import type { ChangeId } from '../../change/order.ts'
import type { Plan, Stage, Step } from '../../change/plan.ts'
import type { Trouble } from '../../change/trouble.ts'
import { stepsToUndo } from '../../change/undo.ts'
import type { PlayLedger } from './ledger.ts'

/** One change being played: what it does is written down here and happens nowhere else. */
export type Scene = Readonly<{
  ledger: PlayLedger
  id: ChangeId
  plan: Plan
  /** Waits one beat and says what time it is then. */
  beat: () => Promise<number>
  isStopped: () => boolean
  /** Resolves when this step may begin. */
  mayBegin: (step: string) => Promise<void>
  /** The step that breaks, if one does. */
  breaksAt: string | null
  switched: (host: string) => void
}>

const badStart: Trouble = {
  what: 'shop did not answer /healthz with 200 within 10 s',
  where: 'systemctl start tandem-shop@b, port 8081',
  host: 'web2',
  exit: 1,
  tail: [
    'node:internal/modules/cjs/loader:1228',
    '  throw err;',
    "Error: Cannot find module './basket.js'",
    '    at /srv/shop/b/server.js:14:17',
  ],
  now: 'nothing is left of it on any host; fix the module path and deploy again',
}

/** Plays a change from its lease to its end. */
export async function play(scene: Scene): Promise<void> {
  const { plan } = scene
  await say(scene, { type: 'leased', token: 7 })
  await say(scene, { type: 'planned', plan })
  await say(scene, {
    type: 'announced',
    room: '#ops',
    text: `${scene.id} ${plan.title} begins`,
    trouble: null,
  })
  for (const stage of plan.stages) {
    const trouble = await playStage(scene, stage)
    if (trouble !== null) return putBack(scene, trouble)
  }
  await say(scene, { type: 'decided', to: 'finish', why: 'every stage is done' })
  for (const step of plan.settle) await playStep(scene, step)
  await say(scene, { type: 'finished' })
}

async function playStage(scene: Scene, stage: Stage): Promise<Trouble | null> {
  await say(scene, { type: 'stage-started', stage: stage.name })
  for (const step of stage.steps) {
    await scene.mayBegin(step.id)
    if (scene.isStopped()) return { what: 'ada asked it to stop', now: 'nothing: everything is as it was' }
    if (!(await playStep(scene, step))) return badStart
  }
  if (stage.watch !== null) {
    await scene.beat()
    const evidence = [
      'requests: 1,204 on the new release, 2,391 on the old one',
      'errors: 0.08 % against 0.10 %, no worse (p = 0.62)',
      'latency p95: 84 ms against 86 ms',
    ]
    await say(scene, { type: 'watched', stage: stage.name, verdict: 'healthy', evidence })
  }
  await say(scene, { type: 'stage-done', stage: stage.name })
  return null
}

async function playStep(scene: Scene, step: Step): Promise<boolean> {
  const { ledger, id } = scene
  await say(scene, { type: 'step-started', step: step.id })
  for (const text of linesOf(step))
    ledger.print(id, { step: step.id, host: step.host, text }, await scene.beat())
  if (step.id === scene.breaksAt) {
    for (const text of badStart.tail ?? [])
      ledger.print(id, { step: step.id, host: step.host, text }, await scene.beat())
    await say(scene, { type: 'step-failed', step: step.id, trouble: badStart })
    return false
  }
  if (step.action === 'switch' && step.host !== null) scene.switched(step.host)
  await say(scene, { type: 'step-done', step: step.id, result: null })
  return true
}

async function putBack(scene: Scene, trouble: Trouble): Promise<void> {
  const { ledger, id, plan } = scene
  await say(scene, { type: 'decided', to: 'undo', why: trouble.what })
  const entries = ledger.entries.filter((entry) => entry.change === id)
  for (const step of stepsToUndo(plan, entries)) {
    await say(scene, { type: 'undo-started', step: step.id })
    await say(scene, { type: 'undo-done', step: step.id })
  }
  await say(scene, { type: 'undone', trouble })
}

async function say(scene: Scene, happening: Happening): Promise<void> {
  scene.ledger.add(scene.id, happening, await scene.beat())
}

function linesOf(step: Step): readonly string[] {
  switch (step.action) {
    case 'build':
      return [
        'npm ci: 214 packages in 3.1 s',
        'vite build: 61 modules, 148 kB',
        'release 9c1e07ab: 212 files, 1.8 MB',
      ]
    case 'send':
      return ['31 of 212 files are new, 412 kB sent']
    case 'unpack':
      return ['/srv/shop/releases/9c1e07ab']
    case 'start':
      return ['slot b listens on 8081', 'GET /healthz 200 in 4 ms, three times in a row']
    case 'apply':
      return [
        'user acme: made',
        'unit lego-renew.service: written',
        'systemctl daemon-reload',
        'systemctl reload nginx',
      ]
    case 'run':
      return ['08:14:02 up 41 days, 2:10, 1 user, load average: 0.21, 0.18, 0.12']
    case 'switch':
      return ['traffic goes to slot b; slot a drains: 14 connections, 3, 0']
    default:
      return [`${step.id}: ok`]
  }
}
