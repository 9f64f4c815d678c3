#!/bin/sh
# gVisor under containerd's runc shim, for machines that have runsc but not containerd-shim-runsc-v1, which is what nodes use.
#
# Three things differ from what that shim expects of an OCI runtime:
# - runsc joins a container to its pod's sandbox by two CRI annotations, and then waits for the shim of its own; without them each
#   container is a sandbox by itself, in the network namespace of the pod;
# - a container that has ended is named in other words, and the shim knows only runc's;
# - ptrace is the one platform that needs neither KVM nor a newer gVisor.
verb= bundle= previous=
for word in "$@"; do
    case $previous in --bundle|-b) bundle=$word ;; esac
    case $word in create|start|kill|delete|state|exec|ps|events|pause|resume|update) verb=${verb:-$word} ;; esac
    previous=$word
done

if [ "$verb" = create ]; then
    sed -i -e 's/io\.kubernetes\.cri\.container-type/criguard.test.container-type/' \
           -e 's/io\.kubernetes\.cri\.sandbox-id/criguard.test.sandbox-id/' "${bundle:-.}/config.json"
fi

set -- runsc --platform=ptrace --ignore-cgroups --network=host "$@"
if [ "$verb" != kill ]; then exec "$@"; fi

said=$("$@" 2>&1) && exit 0
code=$?
case $said in *'not running'*) said='container not running' ;; esac
echo "$said" >&2
exit "$code"
