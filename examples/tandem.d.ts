/** Lets the compiler of this checkout read a `tandem.ts` as one finds it in a project that has Tandem installed. */
declare module 'tandem' {
  // A declaration of a module by name may not import by path; a type may.
  // oxlint-disable typescript/consistent-type-imports
  export const tandem: typeof import('../src/config/define.ts').tandem
  export type AppWish = import('../src/config/wish.ts').AppWish
  export type EnvironmentWish = import('../src/config/wish.ts').EnvironmentWish
  export type GroupWish = import('../src/config/wish.ts').GroupWish
  export type HostWish = import('../src/config/wish.ts').HostWish
  export type InfraWish = import('../src/config/wish.ts').InfraWish
  export type PersonWish = import('../src/config/wish.ts').PersonWish
  export type TeamWish = import('../src/config/wish.ts').TeamWish
  export type Facts = import('../src/config/infra/recipe-wish.ts').Facts
  export type Recipe = import('../src/config/infra/recipe-wish.ts').Recipe
  export type RecipeHost = import('../src/config/infra/recipe-wish.ts').RecipeHost
  export type RecipeResource = import('../src/config/infra/recipe-wish.ts').RecipeResource
  export type Resources = import('../src/config/infra/recipe-wish.ts').Resources
  export type Var = import('../src/config/infra/recipe-wish.ts').Var
  export type Vars = import('../src/config/infra/recipe-wish.ts').Vars
  export const apt: typeof import('../src/config/infra/resource-wish.ts').apt
  export const aptRepository: typeof import('../src/config/infra/resource-wish.ts').aptRepository
  export const archive: typeof import('../src/config/infra/resource-wish.ts').archive
  export const authorizedKey: typeof import('../src/config/infra/resource-wish.ts').authorizedKey
  export const baseline: typeof import('../src/config/infra/system-wish.ts').baseline
  export const block: typeof import('../src/config/infra/resource-wish.ts').block
  export const certificate: typeof import('../src/config/infra/system-wish.ts').certificate
  export const cron: typeof import('../src/config/infra/system-wish.ts').cron
  export const directory: typeof import('../src/config/infra/resource-wish.ts').directory
  export const download: typeof import('../src/config/infra/resource-wish.ts').download
  export const dropIn: typeof import('../src/config/infra/system-wish.ts').dropIn
  export const exec: typeof import('../src/config/infra/system-wish.ts').exec
  export const file: typeof import('../src/config/infra/resource-wish.ts').file
  export const firewall: typeof import('../src/config/infra/system-wish.ts').firewall
  export const gitCheckout: typeof import('../src/config/infra/system-wish.ts').gitCheckout
  export const group: typeof import('../src/config/infra/resource-wish.ts').group
  export const haproxyFront: typeof import('../src/config/infra/system-wish.ts').haproxyFront
  export const hostname: typeof import('../src/config/infra/system-wish.ts').hostname
  export const line: typeof import('../src/config/infra/resource-wish.ts').line
  export const link: typeof import('../src/config/infra/resource-wish.ts').link
  export const locale: typeof import('../src/config/infra/system-wish.ts').locale
  export const logRotation: typeof import('../src/config/infra/system-wish.ts').logRotation
  export const mount: typeof import('../src/config/infra/system-wish.ts').mount
  export const postgresDatabase: typeof import('../src/config/infra/system-wish.ts').postgresDatabase
  export const postgresRole: typeof import('../src/config/infra/system-wish.ts').postgresRole
  export const service: typeof import('../src/config/infra/system-wish.ts').service
  export const sudoRule: typeof import('../src/config/infra/resource-wish.ts').sudoRule
  export const sysctl: typeof import('../src/config/infra/system-wish.ts').sysctl
  export const template: typeof import('../src/config/infra/resource-wish.ts').template
  export const timeZone: typeof import('../src/config/infra/system-wish.ts').timeZone
  export const unit: typeof import('../src/config/infra/system-wish.ts').unit
  export const user: typeof import('../src/config/infra/resource-wish.ts').user
  export const secret: typeof import('../src/config/infra/resource-wish.ts').secret
}
