// A library as ours are, of another version.
extern "C" __attribute__((visibility("default"))) const char* weir_library_tag() {
  return "weir 0.0.1";
}
extern "C" __attribute__((visibility("default"))) void entry() {}
