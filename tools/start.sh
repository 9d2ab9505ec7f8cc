#!/bin/sh
# `npm start`: from a fresh clone to the demo in a browser. Everything it makes stays in the checkout.
set -eu
cd "$(dirname "$0")/.."
. tools/install.sh
install_dependencies

# The stamp is set after a whole build only, so one that was cut short is done again.
stamp=build/web.built
if [ -e src/web/vite.config.ts ]; then
  if [ ! -e "$stamp" ] || [ -n "$(find src/web src/api src/change package-lock.json -newer "$stamp" | head -n 1)" ]; then
    echo 'building the dashboard (a second or two)'
    vite build src/web --logLevel warn >&2 || complain 'the dashboard could not be built, see above'
    touch "$stamp"
  fi
fi

exec bin/tandem demo "$@"
