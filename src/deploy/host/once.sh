# Runs one command of the app (a migration, a hook) in the new release, as the app's user, with its environment.

still_mine
cd "$A/slots/$SLOT/release" || trouble "the release is not here any more" "deploy again"
as_user /bin/sh "$A/slots/$SLOT/once.sh" </dev/null
code=$?
[ $code -eq 0 ] && { tell "done"; exit 0; }
trouble "$WHAT ended with $code" "read its last lines, mend it and deploy again"
