/** What stands between the blanks of a line. */
export const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/)
