/**
 * The seam to a machine: a program goes there whole, runs detached with a journal, and is followed from here.
 * `ssh.ts` and `local.ts` implement it; `conformance.ts` says what both must do.
 */

/** How a host is reached. `local` is this machine, without SSH. */
export type HostAddress = Readonly<{
  name: string
  via:
    | Readonly<{ kind: 'local'; /** The folder that stands for `/var/lib/tandem` here. */ root: string }>
    | Readonly<{
        kind: 'ssh'
        user: string
        address: string
        port: number
        /** The one accepted host key, `ssh-ed25519 AAAA…`; `null` = not pinned yet, every connection is refused. */
        hostKey: string | null
        /** Private key file; `null` leaves it to the user's agent and `~/.ssh/config`. */
        identityFile: string | null
        /** `no`: the user is root; `free`: `sudo -n`; `password`: asks, and `sudoPassword` answers. */
        sudo: 'no' | 'free' | 'password'
      }>
}>

/** Bytes that travel with a program and land as `name` (0600) in its run folder before it starts. */
export type Frame = Readonly<{ name: string; bytes: Uint8Array }>

export type Program = Readonly<{
  /** Collision-free, `[a-z0-9-]`, at most 64 characters: names the run's folder on the host. */
  id: string
  /** POSIX sh. Runs as root (or as ourselves on `local`) in its run folder, `env -i`, stdin from `/dev/null`. */
  script: string
  frames: readonly Frame[]
  /** What may change: `null` for a program that only looks. The host refuses a token lower than it has seen. */
  lease: Readonly<{ target: string; token: number }> | null
  /** The program is killed, with everything it started in its session, after this long. */
  limitMs: number
  /** Values that must never be shown: masked in every line on its way out. */
  secrets: readonly string[]
}>

/** A program that changes nothing. */
export type Look = Omit<Program, 'lease'> &
  Readonly<{
    /** All that it starts ends before it does: the next look may use its session. */ leavesNothing: boolean
  }>

/**
 * How a program ended. `lost`: we no longer hear from the host and do not know (re-attach by id), unless `isOver`: it
 * runs no more and nobody saw its end. `refused`: a newer token holds the target there.
 */
export type Ending = Readonly<
  | { type: 'exited'; code: number }
  | { type: 'refused'; token: number }
  | { type: 'overdue' }
  | { type: 'lost'; why: string; isOver?: true }
>

/** A program that runs on a host. Lines are valid UTF-8 (bad bytes replaced), at most 4,096 characters each. */
export type Run = Readonly<{
  /** Sends one line to the program, which reads it from the FIFO `ctl` in its run folder. */
  tell: (line: string) => void
  /** Lines of the journal, stdout and stderr in the order written, masked; ends when the program has ended. */
  lines: AsyncIterable<string>
  /** Rejects with a TroubleError when the program certainly never began: the host was not reached, say. */
  ending: Promise<Ending>
  /** Kills the program and what it started. */
  kill: () => void
}>

export type Remote = Readonly<{
  start: (host: HostAddress, program: Program) => Run
  /**
   * Runs a program that changes nothing in the session itself: no journal, no supervisor, a third of the cost. Where it
   * leaves nothing, the session stays open for a while, and the next look costs a third again. A look ends with its
   * session, cannot be told anything, and cannot be attached to: who loses it looks again. Its folder `$RUN`
   * is there while it runs if it has frames, else `$RUN` is empty; `$$` names the shell of the session.
   */
  look: (host: HostAddress, program: Look) => Run
  /** Follows a program that an earlier session started, from the beginning of its journal. */
  attach: (host: HostAddress, id: string, secrets: readonly string[]) => Run
  /** Closes what is kept open to hosts. Programs on hosts go on. */
  close: () => Promise<void>
}>
