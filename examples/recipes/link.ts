import { directory, link } from 'tandem'

export function recipe() {
  return [
    directory('/opt/tool-1.4'),
    link('/opt/tool', { to: 'tool-1.4' }),
    link('/etc/nginx/sites-enabled/default', { absent: true }),
  ]
}
