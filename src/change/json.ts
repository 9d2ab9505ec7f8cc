/** Anything that survives a round trip through JSON: what entries, plans and the wire are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
