#!/bin/sh
# Measures what the README's table shows: every policy at every randomization level and under swapped
# commands, on 500 reserved episodes each.
#   measure-checkpoints.sh path/to/planar
set -eu
planar=$1
mkdir -p runs/measured
echo "| policy | \`none\` | \`train\` | \`wide\` | swapped command | … drawn goal reached |"
echo "|---|---|---|---|---|---|"
for policy in expert push-dagger push-flow push-diffusion push-regression random; do
  folder=$policy
  [ -d "Assets/checkpoints/$policy" ] && folder=Assets/checkpoints/$policy
  row="| \`$policy\`"
  for setting in "none drawn" "train drawn" "wide drawn" "train swapped"; do
    level=${setting% *}
    command=${setting#* }
    out=runs/measured/$policy-$level-$command
    "$planar" eval --policy "$folder" --randomization "$level" --command "$command" \
      --episodes 500 --seed 1000 --output "$out" >"$out.txt" 2>/dev/null
    row="$row | $(head -n 1 "$out.txt" | sed 's/.*: success //; s/, [0-9]* of .*//')"
  done
  echo "$row | $(sed -n 's/^goal drawn with the scene reached as well or instead: //p' "$out.txt") |"
done
