import type { JSX } from 'preact'
import type { Look } from '../../words/status-words.ts'

/** Every look has a shape of its own, so that it is told apart without colour. */
export function StatusShape({ look }: Readonly<{ look: Look }>) {
  return (
    <svg class={`shape shape-${look}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapeOf(look)}
    </svg>
  )
}

function shapeOf(look: Look): JSX.Element {
  switch (look) {
    case 'waiting':
      return <circle class="line" cx="8" cy="8" r="6" stroke-dasharray="2.2 2.51" />
    case 'planning':
      return (
        <>
          <circle class="line" cx="8" cy="8" r="6" stroke-dasharray="2.2 2.51" />
          <circle class="fill" cx="8" cy="8" r="2" />
        </>
      )
    case 'running':
      return pie('M8 8V4.5A3.5 3.5 0 0 1 8 11.5Z')
    case 'settling':
      return pie('M8 8V4.5A3.5 3.5 0 1 1 4.5 8Z')
    case 'done':
      return filled(<circle class="fill" cx="8" cy="8" r="7" />, 'M4.9 8.3l2.1 2.1 4.2-4.6')
    case 'reverted':
      return hollow('M10.6 6.2H6.4a2.1 2.1 0 0 0 0 4.2h2.2M8 4.4 6.2 6.2 8 8')
    case 'withdrawn':
      return hollow('M5.2 8h5.6')
    case 'found':
      return (
        <>
          <path class="line" d="M1.4 8C3 5 5.3 3.6 8 3.6S13 5 14.6 8C13 11 10.7 12.4 8 12.4S3 11 1.4 8Z" />
          <circle class="fill" cx="8" cy="8" r="2" />
        </>
      )
    case 'refused':
      return (
        <>
          <path class="line" d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4Z" />
          <path class="line" d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" />
        </>
      )
    case 'undoing':
      return (
        <>
          <rect class="line" x="2" y="2" width="12" height="12" rx="3.4" stroke-dasharray="2.6 2.2" />
          <path class="line" d="M10.8 8H5.4M7.6 5.6 5.2 8l2.4 2.4" />
        </>
      )
    case 'undone':
      return filled(
        <rect class="fill" x="1.2" y="1.2" width="13.6" height="13.6" rx="3.6" />,
        'M11 8H5.4M7.7 5.5 5.2 8l2.5 2.5',
      )
    case 'stuck':
      return filled(<path class="fill" d="M8 .9 15.6 14.4H.4Z" />, 'M8 5.6v4.2M8 12.1v.1')
  }
}

const pie = (d: string) => (
  <>
    <circle class="line" cx="8" cy="8" r="6" />
    <path class="fill turning" d={d} />
  </>
)

const hollow = (d: string) => (
  <>
    <circle class="line" cx="8" cy="8" r="6" />
    <path class="line thin" d={d} />
  </>
)

const filled = (body: JSX.Element, d: string) => (
  <>
    {body}
    <path class="cut" d={d} />
  </>
)
