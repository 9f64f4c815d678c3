# Runs a program as part of a node: in its cgroup, and so ended with it.
#
#   join.sh CGROUP PROGRAM [ARGUMENT…]
set -eu
echo $$ > "$1/cgroup.procs"
shift
exec "$@"
