import { useEffect, useState } from 'preact/hooks'

type Copy = Readonly<{ text: string; name: string }>

const saidMs = 1_500

/** Copies a text. Where the browser has no clipboard (a hub without TLS), the text beside it can be marked by hand. */
export function CopyButton({ text, name }: Copy) {
  const [isCopied, copied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => copied(false), saidMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  // Older libraries say that it is always there, but browsers give it to pages with TLS alone.
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard === undefined) return null
  return (
    <button
      type="button"
      class="copy"
      aria-label={isCopied ? `${name} is copied` : `Copy ${name}`}
      onClick={() => void clipboard.writeText(text).then(() => copied(true))}
    >
      {isCopied ? 'Copied' : 'Copy'}
    </button>
  )
}
