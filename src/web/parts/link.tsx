import type { ComponentChildren } from 'preact'

type To = Readonly<{
  to: string
  class?: string
  /** It leads to what is shown already. */
  isCurrent?: boolean
  children: ComponentChildren
}>

/** A link inside the dashboard. The shell follows plain clicks without loading the page again. */
export function Link({ to, children, isCurrent = false, ...rest }: To) {
  return (
    <a href={to} {...(isCurrent ? { 'aria-current': 'true' } : {})} {...rest}>
      {children}
    </a>
  )
}

export const ChangeLink = ({ id }: Readonly<{ id: string }>) => (
  <Link to={`/changes/${id}`} class="id">
    {id}
  </Link>
)
