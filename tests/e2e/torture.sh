#!/bin/sh
# Faults at a fixed sample of all calls, each kind of call and of fault among
# them; prints TAP. make torture looks at every call.
set -eu
cd "$(dirname "$0")/../.."
exec sh tests/fault/torture.sh --short
