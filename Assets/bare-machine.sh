#!/bin/sh
# Tries README's two commands on a bare Debian 12: a debootstrap root with a Swift toolchain, git, make and nothing else.
#   sudo sh Assets/bare-machine.sh FOLDER     (what is committed here; FOLDER is made, and can be deleted afterwards)
# First as a user who may not install packages, who must be told which are missing; then as root, for whom they are
# installed. The mirror and the proxies of packages are this machine's. Takes as long as two builds and all tests.
set -eu
root=${1:?give a folder for the new root}
[ "$(id -u)" -eq 0 ] || { echo "Making a root folder needs root." >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "Install debootstrap first." >&2; exit 1; }
toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")
mirror=${MIRROR:-$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1)}
project=$(cd "$(dirname "$0")/.." && pwd)

inside() { chroot "$root" /usr/bin/env -i PATH=/opt/swift/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" LANG=C.UTF-8 \
  DEBIAN_FRONTEND=noninteractive "$@"; }
home=/root

if [ ! -x "$root/bin/sh" ]; then
  debootstrap --variant=minbase bookworm "$root" "${mirror:-http://deb.debian.org/debian}" >/dev/null
fi
for file in /etc/resolv.conf /etc/hosts /etc/gitconfig /etc/apt/apt.conf.d/99* /etc/ssl/certs/ca-certificates.crt; do
  [ -e "$file" ] || continue
  mkdir -p "$root$(dirname "$file")"
  cp "$file" "$root$file"
done
mkdir -p "$root/opt/swift"
# Where this machine keeps Swift packages of its own, if git is told so.
mirrors=$(git config --system --get-regexp '^url\./.*\.insteadof$' | sed 's|^url\./\(.*\)\.insteadof .*|\1|' | sort -u)
# shellcheck disable=SC2086
finish() { for part in opt/swift proc dev $mirrors; do umount -l "$root/$part" 2>/dev/null || true; done; }
trap finish EXIT
mount --bind "$toolchain" "$root/opt/swift"
for mirror in $mirrors; do
  mkdir -p "$root/$mirror"
  mount --bind "/$mirror" "$root/$mirror"
done
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"

# What swift.org lists for Debian 12, besides git and make.
inside apt-get update -qq
inside apt-get install -y -qq --no-install-recommends git make ca-certificates binutils-gold libcurl4-openssl-dev libedit2 \
  libgcc-12-dev libc6-dev libpython3-dev libsqlite3-0 libstdc++-12-dev libxml2-dev libncurses-dev libz3-dev tzdata \
  zlib1g-dev >/dev/null
inside swift --version 2>/dev/null | head -1

inside id newcomer >/dev/null 2>&1 || inside useradd -m newcomer
rm -rf "$root/home/newcomer/planar"
git clone -q "$project" "$root/home/newcomer/planar"
inside chown -R newcomer /home/newcomer
echo "== make demo, without the right to install packages"
if inside su newcomer -c 'cd ~/planar && PATH=/opt/swift/usr/bin:$PATH make demo'; then
  echo "It ran, though packages were missing." >&2
  exit 1
fi

echo "== make demo, then make test, as root"
inside git config --global --add safe.directory /home/newcomer/planar
start=$(date +%s)
inside make -C /home/newcomer/planar demo HEADLESS=1
echo "== make demo took $(($(date +%s) - start)) s"
start=$(date +%s)
inside make -C /home/newcomer/planar test
echo "== make test took $(($(date +%s) - start)) s"
