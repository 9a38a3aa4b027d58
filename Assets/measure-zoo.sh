#!/bin/sh
# Measures every shipped checkpoint on reserved seeds and writes Assets/ZOO.md from the summaries.
#   measure-zoo.sh path/to/planar
# What is measured already stays: delete runs/measured to begin afresh. MEASURE_EPISODES and MEASURE_PAIRS change how
# many episodes a condition has (1000), and how many samplers are compared on (2000).
set -eu
planar=$1
episodes=${MEASURE_EPISODES:-1000}
pairs=${MEASURE_PAIRS:-2000}
work=runs/measured
mkdir -p "$work"

# measure NAME POLICY ENVIRONMENT EPISODES OPTION…: one evaluation, in a folder of its own.
measure() {
  out=$work/$1
  policy=$2
  environment=$3
  count=$4
  shift 4
  if [ -f "$out/summary.json" ]; then return; fi
  echo "== $out"
  resume=
  if [ -f "$out/evaluation.json" ]; then resume=--resume; fi
  status=0
  # shellcheck disable=SC2086
  "$planar" eval --policy "$policy" --environment "$environment" --episodes "$count" --seed 1000 --output "$out" \
    $resume "$@" >/dev/null || status=$?
  if [ "$status" -ge 128 ]; then exit "$status"; fi # stopped: what is measured is kept
  if [ "$status" -ne 0 ]; then echo "not measured: $out" >&2; rm -rf "$out"; fi
}

# conditions NAME POLICY ENVIRONMENT OPTION…: a policy under all conditions of its environment.
conditions() {
  (
    name=$1
    policy=$2
    environment=$3
    shift 3
    for level in none train wide real; do
      if [ "${environment#pusht}" != "$environment" ] && [ "$level" = real ]; then continue; fi
      measure "$name/$level" "$policy" "$environment" "$episodes" --randomization "$level" "$@"
    done
    if [ "${environment#pusht}" != "$environment" ]; then exit 0; fi
    measure "$name/ko" "$policy" "$environment" "$episodes" --language ko "$@"
    if [ "$environment" != push ]; then exit 0; fi
    measure "$name/swapped" "$policy" push "$episodes" --command swapped "$@"
    measure "$name/ko-swapped" "$policy" push "$episodes" --language ko --command swapped "$@"
    for split in train compositional paraphrase; do
      measure "$name/$split-wordings" "$policy" push "$episodes" --split "$split" "$@"
      measure "$name/ko-$split-wordings" "$policy" push "$episodes" --split "$split" --language ko "$@"
    done
    for wordings in Assets/wordings/*.txt; do
      [ -f "$wordings" ] || continue
      measure "$name/wordings-$(basename "$wordings" .txt)" "$policy" push "$episodes" --wordings "$wordings" "$@"
    done
  )
}

# The environment, and the picture's side, that a checkpoint's config.json tells.
environment_of() { sed -n 's/^  "environment" : "\(.*\)",\{0,1\}$/\1/p' "$1/config.json"; }

for environment in push detour pick-place reach; do
  conditions "$environment-expert" expert "$environment"
done
measure push-random/train random push "$episodes" --randomization train
for folder in Assets/checkpoints/*/; do
  name=$(basename "$folder")
  # What training has measured already, on the same seeds, is not measured again.
  if [ -f "runs/checkpoints/$name/measured.json" ]; then continue; fi
  case $name in
  *-pixels) conditions "$name" "$folder" "$(environment_of "$folder")" --image 64 ;;
  *) conditions "$name" "$folder" "$(environment_of "$folder")" ;;
  esac
done

# Samplers, all on the same episodes. Diffusion's hundred steps are those of DDPM: the same weights, another sampler.
samplers=$work/checkpoints
ddpm=$samplers/push-diffusion-ddpm
mkdir -p "$ddpm"
cp Assets/checkpoints/push-diffusion/model.safetensors "$ddpm/"
sed 's/"sampler" : "ddim"/"sampler" : "ddpm"/' Assets/checkpoints/push-diffusion/config.json >"$ddpm/config.json"
sample() {
  policy=$1
  shift
  for steps in "$@"; do
    measure "samplers/$(basename "$policy")-$steps" "$policy" push "$pairs" --sampling-steps "$steps"
  done
}
sample "$ddpm" 100
sample Assets/checkpoints/push-diffusion 2 5 10 100
sample Assets/checkpoints/push-flow 1 2 5 10
sample Assets/checkpoints/push-flow-one-step 1
for name in push-regression push-regression-l1 push-act; do sample "Assets/checkpoints/$name" 1; done
sample Assets/checkpoints/push-two-step 2

# Ways to execute chunks while the policy thinks for four control steps.
for name in push-flow push-diffusion push-flow-delayed; do
  folder=Assets/checkpoints/$name
  [ -d "$folder" ] || continue
  measure "execution/$name-undelayed" "$folder" push "$episodes"
  for switching in wait naive real-time; do
    measure "execution/$name-$switching" "$folder" push "$episodes" --delay 4 --switching "$switching"
  done
done
for name in push-act push-flow push-regression; do
  [ -d "Assets/checkpoints/$name" ] || continue
  measure "execution/$name-ensembling" "Assets/checkpoints/$name" push "$episodes" --temporal-ensembling 0.01
done

if [ ! -f "$work/latency.json" ]; then
  "$planar" bench policies Assets/checkpoints/push-* "$ddpm" --steps 1 2 5 10 100 --json >"$work/latency.json.part"
  mv "$work/latency.json.part" "$work/latency.json"
fi
for name in push-flow push-flow-minilm; do
  [ -d "Assets/checkpoints/$name" ] || continue
  measure "wordings/$name" "Assets/checkpoints/$name" push "$episodes" --wordings Assets/wordings/push-own.txt
done
measure wordings/push-flow-ko Assets/checkpoints/push-flow push "$episodes" --language ko \
  --wordings Assets/wordings/push-own-ko.txt
trained=
if [ -d runs/checkpoints ]; then trained=runs/checkpoints; fi
# shellcheck disable=SC2086
"$planar" table $trained "$work" --reference push-diffusion-ddpm:100 --latency "$work/latency.json" \
  --introduction Assets/zoo-introduction.md --output Assets/ZOO.md
