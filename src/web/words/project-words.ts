/** A project by its name: the last part of the folder it is in. */
export const projectWords = (project: string): string =>
  project.split('/').findLast((part) => part !== '') ?? ''
