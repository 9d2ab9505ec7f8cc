/** Lets the compiler of this checkout read a `tandem.ts` as one finds it in a project that has Tandem installed. */
declare module 'tandem' {
  // A declaration of a module by name may not import by path; a type may.
  // oxlint-disable-next-line typescript/consistent-type-imports
  export const tandem: typeof import('../src/config/define.ts').tandem
}
