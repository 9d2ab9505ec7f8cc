/** A release as people read it. */
export const shortRelease = (release: string): string => release.slice(0, 7)
