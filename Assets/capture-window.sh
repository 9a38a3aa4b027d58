#!/bin/sh
# Takes the guide's picture of the window: the demo on a virtual display, a few seconds into an episode.
#   capture-window.sh path/to/planar
# Needs xvfb and imagemagick.
set -eu
planar=$1
mkdir -p Assets/pictures
xvfb-run -a -s "-screen 0 1240x780x24" sh -c '
  "$0" demo --randomization none --seed 2006 & demo=$!
  sleep 3
  import -window root Assets/pictures/window.png
  kill -INT $demo
  wait $demo || true' "$planar"
