#!/usr/bin/env bash
# run-in-sid.sh CMD...; see run-in-tree.sh.
exec "$(dirname "$0")/run-in-tree.sh" sid "$@"
