import type { ComponentChildren } from 'preact'

/** One fact of a list of them: its name, and what is so. */
export const Fact = ({ name, children }: Readonly<{ name: string; children: ComponentChildren }>) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
