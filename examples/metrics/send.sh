#!/bin/sh
# Sends numbers to a hub. HUB says where it is; KEY was made with `tandem metrics key new NAME`.
set -eu
curl -fsS -H "Authorization: Bearer $KEY" -d 'signups 3' "$HUB/push"
curl -fsS -H "Authorization: Bearer $KEY" -d 'backup_seconds job=nightly 42.5' "$HUB/push?host=web1"
printf 'orders{plan="pro"} 7\norders{plan="free"} 21\n' |
  curl -fsS -H "Authorization: Bearer $KEY" --data-binary @- "$HUB/push"
printf '%s' 'PING OK - rta 12 ms|rta=12ms;100;500;0' |
  curl -fsS -H "Authorization: Bearer $KEY" --data-binary @- "$HUB/push/perfdata?check=ping&host=web1"
