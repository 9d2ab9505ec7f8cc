import type { ComponentChildren } from 'preact'

/** A link inside the dashboard. The shell follows plain clicks without loading the page again. */
export function Link({
  to,
  children,
  ...rest
}: Readonly<{ to: string; class?: string; children: ComponentChildren }>) {
  return (
    <a href={to} {...rest}>
      {children}
    </a>
  )
}

export const ChangeLink = ({ id }: Readonly<{ id: string }>) => (
  <Link to={`/changes/${id}`} class="id">
    {id}
  </Link>
)
