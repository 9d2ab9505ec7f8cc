import { shortcuts } from '../../state/shortcuts.ts'
import { Dialog } from '../dialog.tsx'

/** Every key the dashboard listens to. */
export function KeysDialog({ onClose }: Readonly<{ onClose: () => void }>) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="keys">
        {shortcuts.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="dialog-buttons">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  )
}
