#!/bin/sh
# Takes the guide's pictures of the window on a virtual display: an episode, light and dark, policies side by side with sliders, a policy
# that learns.
#   capture-window.sh path/to/planar
# Needs xvfb, xdotool and imagemagick.
set -eu
planar=$1
mkdir -p Assets/pictures
# take PICTURE SECONDS KEYS ARGUMENTS…: keys are given once the window is there; '-' gives none.
take() {
  picture=$1 seconds=$2 keys=$3
  shift 3
  PICTURE=$picture SECONDS_LONG=$seconds KEYS=$keys xvfb-run -a -s "-screen 0 1240x780x24" sh -c '
    "$@" & demo=$!
    sleep 3
    xdotool windowfocus "$(xdotool search --name Planar | head -n 1)"
    [ "$KEYS" = - ] || xdotool key $KEYS
    sleep "$SECONDS_LONG"
    import -window root "Assets/pictures/$PICTURE"
    kill -INT $demo
    wait $demo || true' sh "$planar" demo "$@"
}
take window.png 1 - --randomization none --seed 2006
take window-dark.png 1 - --randomization none --seed 2006 --theme dark
take heat-map.png 8 "ctrl+m ctrl+u ctrl+x" --policies push-regression-cloned --randomization none --seed 2006
take side-by-side.png 1 "ctrl+k" --preset modes --seed 2003 --randomization none
take learning.png 112 "ctrl+y" --learn
