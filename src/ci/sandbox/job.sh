#!/bin/sh
# The first thing in a sandbox: job.sh COMMAND [SERVICE …]. Starts the services, then becomes the job.
command=$1
shift
exec 2>&1
[ ! -e /run/tandem/network.sh ] || . /run/tandem/network.sh
if [ $# -gt 0 ]; then
  echo '::group::services'
  for service do
    . "/run/tandem/$service.sh"
  done
  echo '::endgroup::'
fi
unset tandem_answer tandem_bin tandem_data tandem_tries
exec sh -c "$command"
