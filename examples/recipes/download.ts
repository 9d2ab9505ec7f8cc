import { download, link } from 'tandem'

export function recipe() {
  const hey = download('/usr/local/bin/hey-0.1.4', {
    url: 'https://downloads.example.com/hey-0.1.4-linux-amd64',
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    mode: '0755',
  })
  return [hey, link('/usr/local/bin/hey', { to: 'hey-0.1.4', after: hey })]
}
