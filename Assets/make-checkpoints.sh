#!/bin/sh
# Makes the shipped checkpoints again: records demonstrations, trains the four policies, measures them.
#   make-checkpoints.sh path/to/planar
# About 40 minutes on 2 busy cores. Needed whenever physics, environment or networks change.
set -eu
planar=$1
work=runs/checkpoints
mkdir -p "$work"
[ -f "$work/demonstrations/info.json" ] ||
  "$planar" record --episodes 8000 --output "$work/demonstrations"
for head in regression diffusion flow; do
  "$planar" train "$head" --data "$work/demonstrations" --output "$work/push-$head"
done
"$planar" dagger --output "$work/push-dagger"
for policy in regression dagger diffusion flow; do
  mkdir -p "Assets/checkpoints/push-$policy"
  cp "$work/push-$policy/config.json" "$work/push-$policy/model.safetensors" \
    "Assets/checkpoints/push-$policy/"
done
sh Assets/measure-checkpoints.sh "$planar"
