# Run inside the fresh root file system, by chroot. Everything that all lab hosts have in common is said here.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin

# Memory-backed disks need no fsync, and nobody has valuables on a lab host.
echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/lab
# Package descriptions in other languages are the largest part of an apt-get update.
echo 'Acquire::Languages "none";' > /etc/apt/apt.conf.d/80lab
rm -f /var/lib/apt/lists/*Translation*
# pam_env complains about its absence in the journal at every login.
touch /etc/default/locale

useradd -m -s /bin/bash deploy
useradd -m -s /bin/bash typist
useradd -m -s /bin/tcsh cshell
useradd -m -s /usr/bin/fish fisher
useradd -m -s /bin/bash chatty
echo 'typist:correct horse' | chpasswd
cat > /etc/sudoers.d/lab <<'SUDOERS'
deploy ALL=(ALL:ALL) NOPASSWD: ALL
cshell ALL=(ALL:ALL) NOPASSWD: ALL
fisher ALL=(ALL:ALL) NOPASSWD: ALL
chatty ALL=(ALL:ALL) NOPASSWD: ALL
typist ALL=(ALL:ALL) ALL
SUDOERS
chmod 440 /etc/sudoers.d/lab

# The junk has no final newline, so that it sticks to whatever is printed next.
for rc in /home/chatty/.bashrc /home/chatty/.profile; do
  printf '%s\n' 'echo "Welcome back! 3 updates are available."' \
    'echo "warning: pyenv: cannot rehash" >&2' 'printf "loading..."' > $rc
  chown chatty:chatty $rc
done

# One keys file for all accounts, beside the usual one, which recipes may own.
cat > /etc/ssh/sshd_config.d/lab.conf <<'SSHD'
AuthorizedKeysFile /etc/ssh/lab_keys .ssh/authorized_keys
HostKey /etc/ssh/ssh_host_ed25519_key
UseDNS no
PrintMotd no
PrintLastLog no
MaxStartups 30
SSHD
rm -f /etc/ssh/ssh_host_*
sed -i '/pam_motd/d; /pam_mail/d' /etc/pam.d/sshd
: > /etc/motd

systemctl set-default --quiet multi-user.target
systemctl disable --quiet haproxy.service systemd-networkd.service || true
systemctl enable --quiet ssh.service
# What a host in a lab never needs, and would boot slower with.
systemctl mask --quiet \
  systemd-networkd-wait-online.service systemd-network-generator.service systemd-networkd.socket \
  console-getty.service getty@.service getty.target container-getty@.service \
  apt-daily.timer apt-daily-upgrade.timer man-db.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  e2scrub_reap.service systemd-tmpfiles-clean.timer systemd-firstboot.service systemd-sysusers.service \
  systemd-machine-id-commit.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
  systemd-journal-flush.service systemd-pstore.service systemd-logind.service ssh.socket \
  dev-hugepages.mount sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount \
  modprobe@configfs.service modprobe@drm.service modprobe@fuse.service
# Between sshd's start and the end of the boot, pam_nologin would turn away everybody but root.
ln -s /dev/null /etc/tmpfiles.d/systemd-nologin.conf
mkdir -p /etc/systemd/journald.conf.d /etc/systemd/system.conf.d
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' > /etc/systemd/journald.conf.d/lab.conf
printf '[Manager]\nDefaultTimeoutStopSec=20s\n' > /etc/systemd/system.conf.d/lab.conf

rm -f /etc/hostname /etc/machine-id /var/lib/dbus/machine-id /etc/resolv.conf
: > /etc/machine-id
ln -s /etc/machine-id /var/lib/dbus/machine-id
rm -rf /usr/share/doc/* /usr/share/man/* /usr/share/locale/*
apt-get clean
