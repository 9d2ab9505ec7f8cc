import { useState } from 'preact/hooks'
import type { RepoView } from '../../../api/wire/code.ts'
import { cloneAddress } from './clone-address.ts'
import { CopyButton } from './copy-button.tsx'

/** Where people clone a repository. */
export function CloneBox({ clone }: Pick<RepoView, 'clone'>) {
  const [isOpen, open] = useState(false)
  return (
    <details class="clone" open={isOpen} onToggle={(event) => open(event.currentTarget.open)}>
      <summary>Clone</summary>
      {isOpen && (
        <div class="clone-ways">
          <Way name="HTTPS" address={cloneAddress(clone.http)} />
          {clone.ssh !== null && <Way name="SSH" address={clone.ssh} />}
        </div>
      )}
    </details>
  )
}

function Way({ name, address }: Readonly<{ name: string; address: string }>) {
  return (
    <p class="clone-way">
      <span class="quiet">{name}</span>
      <code>{address}</code>
      <CopyButton text={address} name={`the ${name} address`} />
    </p>
  )
}
