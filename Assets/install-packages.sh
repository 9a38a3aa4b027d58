#!/bin/sh
# Installs the Debian or Ubuntu packages that are missing.
#   install-packages.sh "what they are for" package…
set -eu
purpose=$1
shift
missing=
for package in "$@"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "Planar needs these libraries to $purpose:$missing" >&2
  echo "(names as Debian has them). Install your system's equivalents and run make again." >&2
  exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || {
    echo "Planar needs these packages to $purpose:$missing" >&2
    echo "Ask an administrator to run: apt-get install$missing" >&2
    exit 1
  }
  sudo=sudo
  echo "Administrator rights are needed once, to install$missing"
fi
echo "Installing, to $purpose:$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
