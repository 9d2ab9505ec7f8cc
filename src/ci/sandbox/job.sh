#!/bin/sh
# The first thing in a sandbox: job.sh COMMAND [SERVICE …]. Starts the services, then becomes the job.
command=$1
shift
exec 2>&1
for service do
  . "/run/tandem/$service.sh"
done
exec sh -c "$command"
