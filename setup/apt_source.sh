# Sourced by onnxruntime.sh: how the machine's own apt trusts one of its sources.

# trust_of FILE:NUMBER, as apt calls a source (a line of a .list, a stanza of a .sources): prints its
# Signed-By and Trusted as fields of a stanza, keys that are written out included. Nothing, where the
# machine leaves it to the keys that apt trusts for everything.
trust_of() {
  local file=${1%:*} number=${1##*:}
  case $file in
    *.sources)
      grep -v '^#' "$file" | awk -v RS= -v FS='\n' -v number="$number" '
        NR == number {
          for (i = 1; i <= NF; ++i) {
            if ($i !~ /^[ \t]/) wanted = tolower($i) ~ /^(signed-by|trusted):/
            if (wanted) print $i
          }
        }'
      ;;
    *)
      sed -n "${number}s/^[^[#]*\[\([^]]*\)\].*/\1/p" "$file" | tr -s ' \t' '\n' |
        sed -n 's/^signed-by=/Signed-By: /p; s/^trusted=/Trusted: /p'
      ;;
  esac
}
