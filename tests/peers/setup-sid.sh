#!/usr/bin/env bash
# Debian sid, with current NumPy and PyTorch; see setup-tree.sh.
exec "$(dirname "$0")/setup-tree.sh" sid
