import type { ComponentChildren } from 'preact'

type To = Readonly<{
  to: string
  class?: string
  /** It leads to what is shown already. */
  isCurrent?: boolean
  /** For who hears it, where the words alone say too little. */
  label?: string
  children: ComponentChildren
}>

/** A link inside the dashboard. The shell follows plain clicks without loading the page again. */
export function Link({ to, children, isCurrent = false, label, ...rest }: To) {
  return (
    <a
      href={to}
      {...(isCurrent ? { 'aria-current': 'true' } : {})}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...rest}
    >
      {children}
    </a>
  )
}

export const ChangeLink = ({ id }: Readonly<{ id: string }>) => (
  <Link to={`/changes/${id}`} class="id">
    {id}
  </Link>
)
