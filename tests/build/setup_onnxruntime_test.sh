#!/usr/bin/env bash
# setup_onnxruntime_test.sh SOURCE: setup/onnxruntime.sh from end to end without a network. A toy of a
# wheel lies in the cache; its headers come by the real apt from a repository in a folder, signed with
# a key that only the source of that "machine" names, in each of the ways in which it can.
source_dir=$1
# shellcheck source=expect.sh
. "$(dirname "$0")/expect.sh"

for tool in gpg dpkg-scanpackages apt-get python3; do
  command -v "$tool" >/dev/null || { echo "SKIPPED: there is no $tool"; exit 0; }
done

version=9.8.7
deps=$work/deps
wheel=$deps/wheels/onnxruntime-$version/onnxruntime-$version.whl
repository=$work/debian
export GNUPGHOME=$work/gnupg

make_wheel() {
  mkdir -p "$(dirname "$wheel")" "$work/wheel/onnxruntime/capi"
  echo "not a library" >"$work/wheel/onnxruntime/capi/libonnxruntime.so.$version"
  echo "a licence" >"$work/wheel/onnxruntime/LICENSE"
  (cd "$work/wheel" && python3 -m zipfile -c "$wheel" onnxruntime)
}

# A package with a header of API $1, in a repository whose Release only the key of $work/key.asc signs.
make_repository() {
  local root=$work/package
  local packages=$repository/dists/toy/main/binary-$(dpkg --print-architecture)
  mkdir -p "$root/DEBIAN" "$root/usr/include/onnxruntime" "$packages" "$repository/pool"
  printf '#define ORT_API_VERSION %s\n' "$1" >"$root/usr/include/onnxruntime/onnxruntime_c_api.h"
  printf 'Package: libonnxruntime-dev\nVersion: 1\nArchitecture: all\n%s\n' \
    'Maintainer: nobody <nobody@example.org>
Description: a toy' >"$root/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$root" "$repository/pool/libonnxruntime-dev_1_all.deb" >/dev/null
  (cd "$repository" && dpkg-scanpackages -m pool 2>/dev/null) >"$packages/Packages"
  (
    cd "$repository/dists/toy"
    printf 'Origin: Debian\nSuite: toy\nCodename: toy\nDate: %s\nComponents: main\nSHA256:\n' \
      "$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S UTC')" >Release
    find main -type f -printf '%P %s\n' | while read -r file bytes; do
      printf ' %s %s main/%s\n' "$(sha256sum "main/$file" | cut -d' ' -f1)" "$bytes" "$file"
    done >>Release
    gpg --batch --yes --clearsign -o InRelease Release 2>/dev/null
  )
}

make_key() {
  mkdir -m 700 "$GNUPGHOME"
  gpg --batch --quiet --passphrase '' --quick-generate-key 'toy <toy@example.org>' ed25519 sign 2>/dev/null
  gpg --export --armor >"$work/key.asc"
}

# machine NAME: an apt configuration whose only sources are the files in $work/NAME.
machine() {
  local state=$work/$1.state
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  printf '%s\n' "Dir::Etc::sourcelist \"/dev/null\";" "Dir::Etc::sourceparts \"$work/$1\";" \
    "Dir::Etc::trusted \"/dev/null\";" "Dir::Etc::trustedparts \"$work/no-keys\";" \
    "Dir::State::lists \"$state/lists\";" "Dir::Cache \"$state/cache\";" \
    'APT::Sandbox::User "";' >"$work/$1.conf"
  printf '%s\n' "$work/$1.conf"
}

# A copy of setup/ whose versions are those of the toys.
use_versions() {
  rm -rf "$work/setup"
  cp -r "$source_dir/setup" "$work/setup"
  sed -i -e "s/^ONNXRUNTIME_VERSION=.*/ONNXRUNTIME_VERSION=$version/" \
    -e "s/^ONNXRUNTIME_WHEEL_SHA256=.*/ONNXRUNTIME_WHEEL_SHA256=$1/" \
    -e 's/^ONNXRUNTIME_HEADER_SUITES=.*/ONNXRUNTIME_HEADER_SUITES="none toy"/' "$work/setup/versions"
}

# The script on that machine, with nothing set up yet but the wheel.
set_up_on() {
  rm -rf "$deps/onnxruntime"
  env -u ONNXRUNTIME_ROOT APT_CONFIG="$(machine "$1")" WEIR_DEPS="$deps" "$work/setup/onnxruntime.sh"
}

make_key
make_wheel
make_repository 99
mkdir -p "$work/no-keys" "$work"/{stanza,written-out,line,trusted,unknown}
# The stanza that counts is the second; a comment alone is none.
printf '# nothing\n\nTypes: deb\nURIs: file:%s/other\nSuites: x\nComponents: contrib\n\n' "$work" |
  tee "$work/stanza/debian.sources" >"$work/written-out/debian.sources"
stanza="Types: deb\n# as Debian writes it\nURIs: file:$repository\nSuites: toy\nComponents: main\n"
printf "${stanza}Signed-By: %s\n" "$work/key.asc" >>"$work/stanza/debian.sources"
{
  printf "${stanza}Signed-By:\n"
  sed 's/^$/./; s/^/ /' "$work/key.asc"
} >>"$work/written-out/debian.sources"
printf '# a line\ndeb [arch=%s signed-by=%s] file:%s toy main\n' "$(dpkg --print-architecture)" \
  "$work/key.asc" "$repository" >"$work/line/debian.list"
printf 'deb [trusted=yes] file:%s toy main\n' "$repository" >"$work/trusted/debian.list"
printf 'deb file:%s toy main\n' "$repository" >"$work/unknown/debian.list"

sum=$(sha256sum "$wheel" | cut -d' ' -f1)
use_versions "$sum"
# One of them has been asked for its lists, and tells that it is Debian's; the name of its folder tells
# of the others.
ln -s debian "$work/mirror"
sed -i "s|file:$repository|file:$work/mirror|" "$work/line/debian.list"
expect "the toy's lists are read" 0 "" 40 env APT_CONFIG="$(machine line)" apt-get -qq update
for kind in stanza written-out line trusted; do
  expect "headers come as the machine's apt trusts them: $kind" 0 "headers of API 99" 40 set_up_on $kind
  [ -e "$deps/onnxruntime/include/onnxruntime_c_api.h" ] || fail "$kind: there is no header"
  [ -e "$deps/onnxruntime/lib/libonnxruntime.so" ] || fail "$kind: there is no library"
done

# What is there needs neither pip nor apt, and nothing is touched.
mkdir "$work/bare"
for tool in bash dirname cat; do ln -s "$(command -v "$tool")" "$work/bare/"; done
touch -d '2001-01-01' "$deps/onnxruntime/stamp"
expect "a second run does nothing" 0 "" 0 \
  env -i PATH="$work/bare" HOME="$work" WEIR_DEPS="$deps" "$work/setup/onnxruntime.sh"
[ "$(date -r "$deps/onnxruntime/stamp" +%Y)" = 2001 ] || fail "a second run wrote everything anew"

expect "a source that nothing vouches for is not believed" 1 "no suite of 'none toy'" 40 set_up_on unknown
[ ! -e "$deps/onnxruntime" ] || fail "something is left of a set-up that failed"

make_repository 20
expect "headers that are too old are refused" 1 "API 20, at least 21 is needed" 40 set_up_on trusted
[ ! -e "$deps/onnxruntime" ] || fail "headers that are too old were kept"

use_versions "${sum//[0-9]/0}"
expect "a damaged wheel is refused" 1 "sha256 $sum, not ${sum//[0-9]/0} as setup/versions says" 1 \
  set_up_on trusted
[ ! -e "$wheel" ] || fail "the damaged wheel is still there"
[ ! -e "$deps/onnxruntime" ] || fail "something was made of a damaged wheel"
[ -z "$(find "$deps" -maxdepth 1 -name '*.work.*')" ] || fail "a folder of work is left"
exit $failed
