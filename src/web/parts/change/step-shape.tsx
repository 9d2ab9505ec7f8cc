import type { JSX } from 'preact'
import type { StepState } from '../../state/stages.ts'

/** The state of a step as a small shape. */
export function StepShape({ state }: Readonly<{ state: StepState }>) {
  return (
    <svg class="shape step-shape" viewBox="0 0 12 12" aria-hidden="true">
      {shapeOf(state)}
    </svg>
  )
}

function shapeOf(state: StepState): JSX.Element {
  switch (state) {
    case 'waiting':
      return <circle class="line" cx="6" cy="6" r="4" />
    case 'running':
      return (
        <>
          <circle class="line" cx="6" cy="6" r="4.4" />
          <path class="fill turning" d="M6 6V3.4A2.6 2.6 0 0 1 6 8.6Z" />
        </>
      )
    case 'done':
      return <path class="line" d="M2.4 6.4l2.5 2.5 4.8-5.4" />
    case 'failed':
      return <path class="line" d="M2.8 2.8l6.4 6.4M9.2 2.8 2.8 9.2" />
    case 'undoing':
      return <path class="line" stroke-dasharray="2 1.4" d="M10 6H2.6M5.4 3 2.4 6l3 3" />
    case 'undone':
      return <path class="line" d="M10 6H2.6M5.4 3 2.4 6l3 3" />
    case 'undo failed':
      return <path class="line" d="M6 1.6v5.2M6 9.6v.2" />
  }
}
