#!/bin/sh
# Makes the shipped checkpoints again, each from its recipe: data, training, measurements, card.
#   make-checkpoints.sh path/to/planar [recipe…]
# Without names, all that are shipped; those that learn or start from a checkpoint last. A run that was stopped goes on where
# it was.
# Needed whenever physics, environment or networks change.
set -eu
planar=$1
shift
work=runs/checkpoints
mkdir -p "$work"

# What learns or starts from a checkpoint comes last: that one is shipped by then.
if [ $# -eq 0 ]; then
  shipped=$(for folder in Assets/checkpoints/*/; do echo "Assets/recipes/$(basename "$folder").yaml"; done)
  # shellcheck disable=SC2086
  first=$(grep -LE '^(teacher|trunk_from):' $shipped)
  # shellcheck disable=SC2086
  last=$(grep -lE '^(teacher|trunk_from):' $shipped || true)
  # shellcheck disable=SC2046
  set -- $(for file in $first $last; do basename "$file" .yaml; done)
fi

for name in "$@"; do
  out=$work/$name
  if [ ! -f "$out/MODEL-CARD.md" ]; then
    resume=
    if [ -f "$out/recipe.json" ]; then resume=--resume; fi
    echo "== $name"
    # shellcheck disable=SC2086
    "$planar" train "Assets/recipes/$name.yaml" --output "$out" $resume
  fi
  mkdir -p "Assets/checkpoints/$name"
  cp "$out/config.json" "$out/model.safetensors" "$out/MODEL-CARD.md" "Assets/checkpoints/$name/"
done
