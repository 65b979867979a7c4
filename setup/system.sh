#!/usr/bin/env bash
# setup/system.sh GROUP…: installs what is missing of the Debian packages that setup/packages lists
# for these groups. Touches no network when nothing is missing.
. "$(dirname "$0")/common.sh"

# A command of that name does as well: an npm that came with somebody's own Node.js.
installed() {
  command -v "$1" >/dev/null 2>&1 ||
    dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'
}

command -v dpkg-query >/dev/null 2>&1 ||
  die "this is not Debian; install what setup/packages lists, by the names of your system"

wanted=()
for group in "$@"; do
  while read -r name names; do
    [ "$name" != "$group" ] || wanted+=($names)
  done <"$setup_dir/packages"
done

missing=()
for choice in "${wanted[@]}"; do
  found=
  for package in ${choice//|/ }; do
    if installed "$package"; then found=1; fi
  done
  [ -n "$found" ] || missing+=("$choice")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 ||
    die "not root and no sudo; ask somebody to run: apt-get install ${missing[*]%%|*}"
  as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
say "installing ${missing[*]}"
$as_root apt-get update -qq
packages=()
for choice in "${missing[@]}"; do
  for package in ${choice//|/ }; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      packages+=("$package")
      break
    fi
  done
done
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  "${packages[@]}" >/dev/null || die "apt-get could not install: ${packages[*]}"
