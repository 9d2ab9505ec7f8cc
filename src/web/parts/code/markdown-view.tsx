import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Block, blocksOf, type Words } from '../../state/code/markdown.ts'
import { plainText } from '../../state/code/plain-text.ts'

/** A README: headings, words and lists, made of elements of ours alone. */
export function MarkdownView({ text }: Readonly<{ text: string }>) {
  const blocks = useMemo(() => blocksOf(plainText(text.replaceAll('\r\n', '\n'))), [text])
  return (
    <div class="markdown">
      {blocks.map((block, nth) => (
        <BlockView key={nth} block={block} />
      ))}
    </div>
  )
}

function BlockView({ block }: Readonly<{ block: Block }>): JSX.Element {
  switch (block.type) {
    case 'heading': {
      // The page has its own first heading; those of a text stand below it.
      const Heading = block.level === 1 ? 'h3' : block.level === 2 ? 'h4' : 'h5'
      return <Heading>{block.words.map(wordView)}</Heading>
    }
    case 'paragraph':
      return <p>{block.words.map(wordView)}</p>
    case 'quote':
      return <blockquote>{block.words.map(wordView)}</blockquote>
    case 'code':
      return <pre tabIndex={0}>{block.text}</pre>
    case 'list': {
      const List = block.isNumbered ? 'ol' : 'ul'
      return (
        <List>
          {block.items.map((words, nth) => (
            <li key={nth}>{words.map(wordView)}</li>
          ))}
        </List>
      )
    }
  }
}

function wordView(word: Words, nth: number): JSX.Element {
  switch (word.type) {
    case 'text':
      return <span key={nth}>{word.text}</span>
    case 'strong':
      return <strong key={nth}>{word.text}</strong>
    case 'emphasis':
      return <em key={nth}>{word.text}</em>
    case 'code':
      return <code key={nth}>{word.text}</code>
    case 'link':
      return (
        <a key={nth} href={word.to} rel="noreferrer noopener nofollow" target="_blank">
          {word.text}
        </a>
      )
  }
}
