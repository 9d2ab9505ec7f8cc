#!/bin/sh
# `npm test`: all there is to test on this machine, or only the parts that are named: npm test -- check unit
set -eu
cd "$(dirname "$0")/.."
. tools/install.sh
install_dependencies
exec node tools/test.ts "$@"
