import { archive } from 'tandem'

export function recipe() {
  return [
    archive('/srv/site', { source: 'files/site.tar.gz', owner: 'www-data', group: 'www-data' }),
    archive('/opt/tool-1.4', {
      url: 'https://downloads.example.com/tool-1.4-linux-amd64.tar.xz',
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      strip: 1,
    }),
  ]
}
