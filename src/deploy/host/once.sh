# Runs one command of the app (a migration, a hook) in the new release, as the app's user, with its environment.

still_mine
cd "$A/slots/$SLOT/release" || trouble "the release is not here any more" "deploy again"
S=$A/slots/$SLOT
cp "$RUN/once.run" "$S/once.sh" || trouble "cannot write $S/once.sh" "look at the disk of this host"
[ -n "$APP_USER" ] && chown "root:$APP_USER" "$S/once.sh" && chmod 640 "$S/once.sh"
as_user /bin/sh "$S/once.sh" </dev/null
code=$?
[ $code -eq 0 ] && { tell "done"; exit 0; }
trouble "$WHAT ended with $code" "read its last lines, mend it and deploy again"
