#!/bin/sh
# A server of ssh on loopback with keys of its own, in a directory of its own: sshd.sh start DIR, sshd.sh stop DIR.
# Needs Debian's packages openssh-server and openssh-client. `ssh -F DIR/config node` leads to it.
set -eu
action=$1
mkdir -p "$2"
directory=$(cd "$2" && pwd)

if [ "$action" = stop ]; then
  if [ -f "$directory/sshd.pid" ]; then kill "$(cat "$directory/sshd.pid")" 2>/dev/null || true; fi
  exit 0
fi

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p /run/sshd
chmod 700 "$directory"
ssh-keygen -q -t ed25519 -N '' -f "$directory/host"
ssh-keygen -q -t ed25519 -N '' -f "$directory/user"
cp "$directory/user.pub" "$directory/authorized"
cat > "$directory/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $directory/host
PidFile $directory/sshd.pid
AuthorizedKeysFile $directory/authorized
PasswordAuthentication no
UsePAM no
StrictModes no
PermitRootLogin yes
MaxStartups 100
END
cat > "$directory/config" <<END
Host node
  HostName 127.0.0.1
  Port $port
  IdentityFile $directory/user
  IdentitiesOnly yes
  UserKnownHostsFile $directory/known
  StrictHostKeyChecking accept-new
  BatchMode yes
  LogLevel ERROR
END
/usr/sbin/sshd -f "$directory/sshd_config" -E "$directory/sshd.log"
tries=0
until ssh -F "$directory/config" node true 2>/dev/null; do
  tries=$((tries + 1))
  if [ $tries -gt 60 ]; then
    cat "$directory/sshd.log" >&2
    exit 1
  fi
  sleep 0.5
done
echo "$directory/config"
