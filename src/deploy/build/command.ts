/** What makes a command more than one program with its words. */
const joining = /[;&|<>()`\n{}!#]/
const assignment = /^\w+=/
const shellWords = new Set(
  '. : alias bg break case cd command continue do done elif else esac eval exec exit export fg fi for getopts hash if in jobs read readonly return set shift source then times trap type ulimit umask unalias unset until wait while'.split(
    ' ',
  ),
)

/**
 * Whether a command of the team is one program with its words. Such a one replaces the shell that starts it, so that it
 * is the main process itself and the first to be told to stop.
 */
export function isOneProgram(command: string): boolean {
  const first = command.trim().split(/\s+/)[0] ?? ''
  return first !== '' && !joining.test(command) && !assignment.test(first) && !shellWords.has(first)
}
