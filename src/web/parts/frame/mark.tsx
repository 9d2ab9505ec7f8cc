/** The mark: two linked rings. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" fill="none" stroke-width="3.6" aria-hidden="true">
      <circle class="mark-back" cx="11" cy="16" r="8" />
      <path class="mark-front" d="M14.6 11.3A8 8 0 1 1 14.1 20" />
    </svg>
  )
}
