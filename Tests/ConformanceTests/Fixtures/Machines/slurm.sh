#!/bin/sh
# A cluster of two nodes on this machine, in a directory of its own: slurm.sh start DIR, slurm.sh stop DIR.
# Needs root and Debian's packages slurm-wlm and munge. SLURM_CONF=DIR/slurm.conf leads to it.
set -eu
action=$1
mkdir -p "$2"
directory=$(cd "$2" && pwd)

stop() {
  for name in slurmd-a slurmd-b slurmctld munged; do
    [ -f "$directory/$name.pid" ] || continue
    kill "$(cat "$directory/$name.pid")" 2>/dev/null || true
  done
}

if [ "$action" = stop ]; then
  stop
  exit 0
fi

# Foundation's Process goes on waiting while anybody holds the socket that its command inherits, and munged would.
daemon() { python3 -c 'import os, sys; os.closerange(3, 4096); os.execvp(sys.argv[1], sys.argv[1:])' "$@"; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
host=$(hostname -s)
mkdir -p "$directory/state" "$directory/spool-a" "$directory/spool-b"
# munged and its clients refuse paths that others could write to.
chmod 755 "$directory"
dd if=/dev/urandom of="$directory/munge.key" bs=1024 count=1 2>/dev/null
chmod 600 "$directory/munge.key"
daemon munged --force --key-file="$directory/munge.key" --socket="$directory/munge.socket" \
  --pid-file="$directory/munged.pid" --log-file="$directory/munged.log" --seed-file="$directory/munged.seed"

cat > "$directory/slurm.conf" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$directory/munge.socket
CredType=cred/munge
StateSaveLocation=$directory/state
SlurmdSpoolDir=$directory/spool-%n
SlurmctldPidFile=$directory/slurmctld.pid
SlurmdPidFile=$directory/slurmd-%n.pid
SlurmctldLogFile=$directory/slurmctld.log
SlurmdLogFile=$directory/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdTimeout=30
InactiveLimit=0
KillWait=2
NodeName=a NodeHostname=$host NodeAddr=127.0.0.1 Port=$(free_port) CPUs=4 State=UNKNOWN
NodeName=b NodeHostname=$host NodeAddr=127.0.0.1 Port=$(free_port) CPUs=4 State=UNKNOWN
PartitionName=all Nodes=a,b Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
END

export SLURM_CONF="$directory/slurm.conf"
daemon slurmctld
daemon slurmd -N a
daemon slurmd -N b
tries=0
while [ "$(sinfo --noheader --format=%T 2>/dev/null | sort -u)" != idle ]; do
  tries=$((tries + 1))
  if [ $tries -gt 120 ]; then
    tail -n 20 "$directory"/*.log >&2
    stop
    exit 1
  fi
  sleep 0.5
done
echo "$SLURM_CONF"
