/**
 * One thing that a host shall have, said in a way that Tandem, Ansible and a hand-written program can all be told. A mode
 * of null: as it is, or what is usual for something new.
 */
export type Wish = Readonly<
  | ({ sort: 'directory'; path: string } & Access)
  | ({ sort: 'file'; path: string; text: string } & Access)
  /** `text` has `{{ NAME }}` for each of `vars`, which Mustache and Jinja read alike. */
  | ({ sort: 'template'; path: string; text: string; vars: Readonly<Record<string, string>> } & Access)
  | { sort: 'link'; path: string; to: string }
  /** The line is there once; `replaces` is the beginning of the line that it takes the place of, when there is one. */
  | { sort: 'line'; path: string; line: string; replaces: string | null }
  /** Lines between two marks; `marker` tells this block from others. */
  | { sort: 'block'; path: string; marker: string; text: string }
  | { sort: 'absent'; path: string; all: boolean }
  | { sort: 'user'; name: string; home: string; loginShell: string }
  | { sort: 'cron'; name: string; hour: number; command: string }
  | { sort: 'service'; name: string }
>

export type Access = Readonly<{ mode: number | null; owner: string | null; group: string | null }>

/** As root wants it when nobody says more. */
export const usualAccess: Access = { mode: null, owner: null, group: null }

/** The text of a template with its variables put in. */
export function filled(text: string, vars: Readonly<Record<string, string>>): string {
  return Object.entries(vars).reduce((all, [name, value]) => all.replaceAll(`{{ ${name} }}`, value), text)
}

export const beginMark = (marker: string): string => `# BEGIN ${marker}`
export const endMark = (marker: string): string => `# END ${marker}`

export const octal = (mode: number): string => mode.toString(8).padStart(4, '0')
