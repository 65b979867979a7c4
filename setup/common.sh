# Sourced by the other scripts: where things go, how they report.
set -euo pipefail

setup_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=versions
. "$setup_dir/versions"
deps_dir=${WEIR_DEPS:-${XDG_CACHE_HOME:-$HOME/.cache}/weir/deps}

say() { printf 'setup: %s\n' "$*" >&2; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# One line that says what to install, as every missing package must end.
need_command() {
  command -v "$1" >/dev/null 2>&1 || die "'$1' is missing; install it with: apt-get install $2"
}

# fetch_wheel NAME VERSION PYTHON PLATFORM SHA256: prints the path of the checked wheel.
fetch_wheel() {
  local name=$1 version=$2 python=$3 platform=$4 sha256=$5
  local folder=$deps_dir/wheels/$name-$version wheel
  mkdir -p "$folder"
  wheel=$(find "$folder" -maxdepth 1 -name '*.whl' | head -n 1)
  if [ -z "$wheel" ]; then
    need_command pip3 python3-pip
    say "fetching $name $version"
    local partial=$folder.partial.$$
    pip3 download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
      --python-version "$python" --platform "$platform" --dest "$partial" "$name==$version" >&2 ||
      die "pip could not fetch $name $version; is there a network?"
    mv "$partial"/*.whl "$folder/"
    rm -rf "$partial"
    wheel=$(find "$folder" -maxdepth 1 -name '*.whl' | head -n 1)
  fi
  local actual
  actual=$(sha256sum "$wheel" | cut -d' ' -f1)
  if [ "$actual" != "$sha256" ]; then
    rm -f "$wheel"
    die "$name $version has sha256 $actual, not $sha256 as setup/versions says; it was removed"
  fi
  printf '%s\n' "$wheel"
}

# install_tree STAGING TARGET: puts a finished folder in its place at once, so that an interrupted
# set-up leaves nothing half-written.
install_tree() {
  rm -rf "$2.old"
  [ ! -e "$2" ] || mv "$2" "$2.old"
  mv "$1" "$2"
  rm -rf "$2.old"
}

unpack_wheel() { python3 -m zipfile -e "$1" "$2"; }
