/** What stands between the blanks of a line. */
export const wordsOf = (line: string): readonly string[] => line.trim().split(/\s+/)

/** Times of processes and processors are in hundredths of a second on all machines that Linux runs on today. */
export const ticksPerSecond = 100
