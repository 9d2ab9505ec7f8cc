set :application, 'shop'
set :repo_url, 'REPO_URL'
set :branch, 'main'
set :deploy_to, '/var/www/shop'
set :keep_releases, 5
set :ssh_options, {
  keys: ['KEY_FILE'],
  keys_only: true,
  user_known_hosts_file: 'KNOWN_HOSTS',
  verify_host_key: :always,
}
