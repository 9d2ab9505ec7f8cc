import type { HoldView, TrainPlace } from '../../../api/wire/code.ts'
import type { Run } from '../../../store/runs.ts'
import { TroubleError } from '../../../change/trouble.ts'

export type PlayTrain = Readonly<{
  view: () => Readonly<{ places: readonly TrainPlace[]; holds: readonly HoldView[] }>
  hold: (hold: HoldView) => HoldView
  release: (target: string) => void
}>

/** What is on its way: the newest runs of the trunks, and a hold that somebody has set. */
export function makePlayTrain(runs: () => readonly Run[], now: number): PlayTrain {
  const holds = new Map<string, HoldView>()
  const hold = (one: HoldView) => {
    holds.set(one.target, one)
    return one
  }
  hold({
    target: 'search@production',
    who: 'margaret',
    why: 'the index is being rebuilt',
    since: now - 5_400_000,
    until: now + 7_200_000,
  })
  return {
    hold,
    view: () => ({ places: placesOf(runs(), holds), holds: [...holds.values()] }),
    release: (target) => {
      if (!holds.delete(target))
        throw new TroubleError({
          what: `nobody holds ${target}`,
          now: 'look at what is held: `tandem train`',
        })
    },
  }
}

function placesOf(runs: readonly Run[], holds: ReadonlyMap<string, HoldView>): readonly TrainPlace[] {
  const [newest, ...older] = runs.filter(({ repo, ref }) => repo === 'shop' && ref === 'refs/heads/main')
  const green = older.find(({ outcome }) => outcome === 'passed')
  const infra = runs.find(({ repo }) => repo === 'infra')
  const place = (target: string, run: Run, status: TrainPlace['status'], why: string | null): TrainPlace => {
    const held = holds.get(target)
    const { commit, subject, who, id } = run
    return {
      target,
      commit,
      subject,
      who,
      run: id,
      change: null,
      status: held === undefined ? status : 'held',
      why: held?.why ?? why,
    }
  }
  const isTesting = newest?.outcome === null
  return [
    ...(newest === undefined
      ? []
      : [
          place(
            'shop@production',
            newest,
            isTesting ? 'testing' : 'waiting',
            isTesting ? null : 'c70 is before it',
          ),
        ]),
    ...(green === undefined
      ? []
      : [
          place('search@production', green, 'green', null),
          place('shop@staging', green, 'frozen', 'frozen on Fridays from 16:00 until Monday 08:00'),
        ]),
    ...(infra === undefined ? [] : [place('infra', infra, 'green', 'somebody has to apply it')]),
  ]
}
