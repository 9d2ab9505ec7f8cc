import { TroubleView } from './trouble-view.tsx'
import type { Asked } from './use-asked.ts'

type End = Readonly<{
  /** What the dialog orders: it is not ordered twice, and why it was refused stands above the buttons. */
  asked: Asked<unknown>
  isReady: boolean
  /** What stands on the button that orders it. */
  does: string
  /** It takes something away. */
  isDanger?: boolean
  /** What stands on the button that does not. */
  leaves?: string
  onClose: () => void
}>

/** The end of a form in a dialog: leave it, or do it. */
export function DialogEnd({ asked, isReady, does, isDanger = false, leaves = 'Cancel', onClose }: End) {
  return (
    <>
      {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
      <div class="dialog-buttons">
        <button type="button" onClick={onClose}>
          {leaves}
        </button>
        <button
          type="submit"
          class={isDanger ? 'danger' : 'primary'}
          disabled={!isReady || asked.type === 'asking'}
        >
          {does}
        </button>
      </div>
    </>
  )
}
