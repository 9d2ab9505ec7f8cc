/**
 * What git is told, by its environment, to come to an address with a token, or with the key of the user that it runs as.
 * Arguments can be read by everybody on the machine, the environment of our own git by nobody else.
 */
export function accessTo(address: string, token: string | null): Readonly<Record<string, string>> {
  const ssh = { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15' }
  if (token === null || !/^https?:/i.test(address)) return ssh
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return {
    ...ssh,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${address}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  }
}
