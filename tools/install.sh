# Sourced by start.sh and test.sh, at the root of the checkout: leaves Node 24 and the dependencies in place and PATH
# leading to them. Needs Node 20 or newer with its npm; package.json brings the Node that Tandem itself runs on.

complain() {
  printf '%s\n' "$*" >&2
  exit 1
}

install_dependencies() {
  command -v node >/dev/null 2>&1 || complain "tandem needs Node 20 or newer with npm, and there is no node on the PATH: install it from https://nodejs.org or your distribution, then run this again"
  node_major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$node_major" -ge 20 ] || complain "tandem needs Node 20 or newer, and $(command -v node) is $(node -v): install a newer one from https://nodejs.org, then run this again"
  # npm writes this file last, so it also tells an install that was cut short.
  installed=node_modules/.package-lock.json
  if [ ! -e "$installed" ] || [ -n "$(find package-lock.json -newer "$installed")" ]; then
    command -v npm >/dev/null 2>&1 || complain "tandem needs npm to fetch its dependencies, and there is none on the PATH: install it (Debian: apt-get install npm), then run this again"
    echo 'fetching dependencies (npm ci; once, about ten seconds)'
    npm ci --loglevel=error --no-progress >&2 || complain 'npm ci failed, see above: is the npm registry within reach?'
    touch "$installed"
  fi
  PATH=$PWD/node_modules/.bin:$PATH
  export PATH
  node_major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$node_major" -ge 24 ] || complain "npm did not fetch Node 24 (are install scripts switched off?): run 'npm rebuild node', or put Node 24 or newer on the PATH, then run this again"
}
