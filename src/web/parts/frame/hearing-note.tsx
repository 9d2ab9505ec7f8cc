import { useModel } from '../hub.ts'

/** A quiet note while the hub is not heard. */
export function HearingNote() {
  const hearing = useModel((model) => model.hearing)
  return (
    <div class="hearing" role="status">
      {hearing === 'lost' && <p>Connection lost, retrying. What you see may be old.</p>}
    </div>
  )
}
