/** Where to clone: a hub that was not told its own address is where this page came from. */
export const cloneAddress = (written: string): string => new URL(written, globalThis.location.href).href
