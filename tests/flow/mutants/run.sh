#!/usr/bin/env bash
# usage: run.sh SOURCE_DIR WORK_DIR CXX
# Plants each defect of this folder into a copy of the core, and demands that the simulation finds
# it. A patch that does not apply any more is an error too: it has to follow the code.
set -euo pipefail
source_dir=$1 work=$2 cxx=$3
seeds=${SEEDS:-3000}
rm -rf "$work" && mkdir -p "$work/clean" && cd "$work"
flags=(-std=c++20 -O1 -I. -Isrc)

copy() {
  mkdir -p "$1/src/weir" "$1/tests/flow"
  cp -r "$source_dir"/src/weir/{base,data,flow} "$1/src/weir/"
  cp -r "$source_dir/tests/flow/support" "$1/tests/flow/"
}
compile() { (cd "$1" && "$cxx" "${flags[@]}" -c "$2" -o "$work/$1/$(basename "$2" .cc).o"); }

copy clean
sources=(src/weir/base/{cpu,error}.cc src/weir/flow/{batcher,body,graph,meter,meter_layout,unit}.cc
  src/weir/flow/core{,_advance,_check,_control,_streams,_wake}.cc
  tests/flow/support/{onlooker,random_flow,sim_flow,simulation}.cc)
printf '%s\n' "${sources[@]}" |
  xargs -P 2 -I{} sh -c "cd clean && $cxx ${flags[*]} -c {} -o \$(basename {} .cc).o"
"$cxx" clean/*.o -o clean/sim_flow -pthread
clean/sim_flow --count 300

failed=0
for patch in "$source_dir"/tests/flow/mutants/*.patch; do
  name=$(basename "$patch" .patch)
  copy "$name"
  cp clean/*.o "$name/"
  (cd "$name" && patch -s -p1 < "$patch") || { echo "$name: does not apply"; failed=1; continue; }
  for file in $(sed -n 's,^+++ b/,,p' "$patch"); do compile "$name" "$file"; done
  "$cxx" "$name"/*.o -o "$name/sim_flow" -pthread
  if found=$("$name/sim_flow" --count "$seeds" 2>/dev/null); then
    echo "$name: NOT FOUND in $seeds seeds"
    failed=1
  else
    echo "$name: ${found%%$'\n'*}"
  fi
  rm -rf "$name"
done
exit $failed
