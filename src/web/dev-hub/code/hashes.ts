import { createHash } from 'node:crypto'

/** A hash like git's, always the same for the same text. */
export const hashOf = (text: string): string => createHash('sha1').update(text).digest('hex')

/** The whole hash of a commit that the played changes name by its first seven letters. */
export const wholeHash = (short: string): string => short + hashOf(short).slice(short.length)
