/** The secret that stands in a header `authorization`. Programs that know only of names and passwords have it as the password. */
export function saidSecret(said = ''): string | null {
  const bearer = /^Bearer +(\S{1,500})$/i.exec(said)?.[1]
  if (bearer !== undefined) return bearer
  const basic = /^Basic +([A-Za-z0-9+/=]{1,1000})$/i.exec(said)?.[1] ?? ''
  return /^[^:]*:(\S{1,500})$/.exec(Buffer.from(basic, 'base64').toString())?.[1] ?? null
}
