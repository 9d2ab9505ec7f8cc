import { stripVTControlCharacters, styleText } from 'node:util'

export type Tone = 'plain' | 'bold' | 'dim' | 'good' | 'bad' | 'care' | 'link'

/** Colours a text where there are colours. */
export type Paint = Readonly<Record<Tone, (text: string) => string>>

const plain = (text: string): string => text

/** Colours for a screen that has them. */
export function paintFor({ hasColour }: Readonly<{ hasColour: boolean }>): Paint {
  if (!hasColour) return { plain, bold: plain, dim: plain, good: plain, bad: plain, care: plain, link: plain }
  const styled =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      styleText(format, text, { validateStream: false })
  return {
    plain,
    bold: styled('bold'),
    dim: styled('dim'),
    good: styled('green'),
    bad: styled('red'),
    care: styled('yellow'),
    link: styled('cyan'),
  }
}

/** Text of others as one harmless line: a log or a reason must not move the cursor or colour the screen. */
export function tame(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' ')
}
