import type { JSX } from 'preact'
import type { RunLook } from '../../words/code/run-words.ts'

/** Every look of a run has a shape of its own, so that it is told apart without colour. */
export function RunShape({ look }: Readonly<{ look: RunLook }>) {
  return (
    <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">
      {shapeOf(look)}
    </svg>
  )
}

function shapeOf(look: RunLook): JSX.Element {
  switch (look) {
    case 'waiting':
      return <circle class="line" cx="8" cy="8" r="6" stroke-dasharray="2.2 2.51" />
    case 'running':
      return (
        <>
          <circle class="line" cx="8" cy="8" r="6" />
          <path class="fill turning" d="M8 8V4.5A3.5 3.5 0 0 1 8 11.5Z" />
        </>
      )
    case 'passed':
      return disc('M4.9 8.3l2.1 2.1 4.2-4.6')
    case 'flaky':
      return disc('M3.8 9.2c1.4-3 2.8-3 4.2-1.2s2.8 1.8 4.2-1.2')
    case 'failed':
      return (
        <>
          <path class="fill" d="M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2Z" />
          <path class="cut" d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" />
        </>
      )
    case 'timed out':
      return (
        <>
          <circle class="line" cx="8" cy="8" r="6" />
          <path class="line" d="M8 4.6V8l2.4 1.8" />
        </>
      )
    case 'lost':
      return (
        <>
          <path class="line" d="M8 1.4 14.8 14H1.2Z" />
          <path class="line" d="M8 6.2v3.2M8 11.6v.1" />
        </>
      )
    case 'cancelled':
      return (
        <>
          <circle class="line" cx="8" cy="8" r="6" />
          <path class="line thin" d="M4 12 12 4" />
        </>
      )
    case 'skipped':
      return (
        <>
          <circle class="line" cx="8" cy="8" r="6" />
          <path class="line thin" d="M5.6 5.6 8 8l-2.4 2.4M8.6 5.6 11 8l-2.4 2.4" />
        </>
      )
  }
}

const disc = (d: string) => (
  <>
    <circle class="fill" cx="8" cy="8" r="7" />
    <path class="cut" d={d} />
  </>
)
