# The front: HAProxy holds the connections, its runtime socket says which slot gets the requests.

# front_do COMMAND…: sends commands to the front; any answer but silence is a refusal
front_do() {
  [ "$FRONT" = none ] && return 0
  perl -e "$FRONT_PL" "$FRONT_SOCKET" "$@" >"$RUN/front.said" 2>&1 && return 0
  IFS= read -r said <"$RUN/front.said"
  return 1
}

# front_ready: the front runs with this app's part in it
front_ready() {
  case $FRONT in
  none) return 0 ;;
  local) local_front ;;
  haproxy) haproxy_front ;;
  esac
}

haproxy_front() {
  F=$ROOT/front
  if ! command -v haproxy >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 install -y -q --no-install-recommends haproxy >"$RUN/apt" 2>&1 ||
      { tail_of "$RUN/apt"; trouble "cannot install haproxy" "install it on this host, or say front: 'none' in tandem.ts"; }
    systemctl disable --now haproxy.service >/dev/null 2>&1
  fi
  look "$F/$NAME.hash"
  if [ "$LOOK" = "$FRONT_HASH" ] && [ -S "$FRONT_SOCKET" ]; then return 0; fi
  mkdir -p "$F/conf"
  still_mine
  printf '%s' "$FRONT_GLOBAL" >"$F/conf/00-tandem.cfg"
  printf '%s' "$FRONT_PL" >"$F/front.pl"
  printf '%s' "$FRONT_BOOT" >"$F/boot.sh"
  printf '%s' "$FRONT_CFG" >"$F/conf/$NAME.cfg.new"
  printf '%s' "$FRONT_UNIT" >"$RUN/front.unit"
  cmp -s "$RUN/front.unit" /etc/systemd/system/tandem-front.service || {
    cp -f "$RUN/front.unit" /etc/systemd/system/tandem-front.service
    systemctl daemon-reload
  }
  [ -e "$F/conf/$NAME.cfg" ] && cp -f "$F/conf/$NAME.cfg" "$F/$NAME.cfg.old"
  mv -fT "$F/conf/$NAME.cfg.new" "$F/conf/$NAME.cfg"
  if ! haproxy -c -q -f "$F/conf" >"$RUN/haproxy" 2>&1; then
    if [ -e "$F/$NAME.cfg.old" ]; then mv -fT "$F/$NAME.cfg.old" "$F/conf/$NAME.cfg"; else rm -f "$F/conf/$NAME.cfg"; fi
    tail_of "$RUN/haproxy"
    trouble "haproxy refuses the front of $NAME" "read its lines above; a port that two apps share is the usual cause"
  fi
  mkdir -p /run/tandem-front
  if [ -S "$FRONT_SOCKET" ] && systemctl is-active --quiet tandem-front; then
    systemctl reload tandem-front
  else
    systemctl enable --quiet tandem-front 2>/dev/null
    systemctl restart tandem-front
  fi || { systemctl status tandem-front --no-pager -n 15 >"$RUN/haproxy" 2>&1; tail_of "$RUN/haproxy"; trouble "the front did not start" "is the port $PORT taken by another program on this host?"; }
  # A reload starts a new worker: it answers on the socket a moment later, and must know this app.
  tries=0
  until front_do "show servers state $NAME" || [ $tries -ge 50 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
  look "$A/live"
  [ -n "$LOOK" ] && front_do "set server $NAME/$LOOK state ready"
  put "$F/$NAME.hash" "$FRONT_HASH"
}

local_front() {
  mkdir -p "$A/slots/front"
  printf '%s\n' "$FRONT_RUN" >"$A/slots/front/front.sh"
  svc_pid front front
  look "$ROOT/front/$NAME.hash"
  if [ "$LOOK" != "$FRONT_HASH" ] && [ -n "$PID" ]; then
    svc_stop front front
    PID=
  fi
  mkdir -p "$ROOT/front"
  if [ -z "$PID" ]; then
    svc_start front front
    tries=0
    until front_do "show servers state" || [ $tries -ge 100 ]; do
      tries=$((tries + 1))
      sleep 0.05
    done
    if [ $tries -ge 100 ]; then
      svc_log front front
      tail_of "$RUN/log"
      trouble "the front did not start" "is the port $PORT taken by another program on this machine?"
    fi
  fi
  put "$ROOT/front/$NAME.hash" "$FRONT_HASH"
}

# A switch that a power cut interrupted: the confirmed slot is the truth.
unflip() {
  [ -e "$A/flip" ] || return 0
  still_mine
  look "$A/live"
  for one in a b; do
    if [ "$one" = "$LOOK" ]; then front_do "set server $NAME/$one state ready"; else front_do "set server $NAME/$one state maint"; fi
  done
  if [ -n "$LOOK" ]; then ln -sfn "slots/$LOOK" "$A/current.new" && mv -fT "$A/current.new" "$A/current"; else rm -f "$A/current"; fi
  rm -f "$A/flip"
}

# front_up: the front of an app that was deployed here before runs, also after a reboot
front_up() {
  [ "$FRONT" = none ] || [ -S "$FRONT_SOCKET" ] && return 0
  if [ "$FRONT" = haproxy ]; then systemctl start tandem-front; else svc_start front front; fi
}
