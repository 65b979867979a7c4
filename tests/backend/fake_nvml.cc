// A stand-in for NVIDIA's management library with two devices, opened by gpu_probe_test.
#include <cstdio>

extern "C" {

struct FakeNvmlMemory {
  unsigned long long total, free, used;
};

int nvmlInit_v2() {
  return 0;
}
int nvmlShutdown() {
  return 0;
}
int nvmlSystemGetDriverVersion(char* text, unsigned size) {
  return std::snprintf(text, size, "550.54.14") > 0 ? 0 : 1;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = 2;
  return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** handle) {
  static unsigned numbers[] = {0, 1};
  *handle = &numbers[index];
  return 0;
}
int nvmlDeviceGetName(void* handle, char* text, unsigned size) {
  std::snprintf(text, size, "Fake GPU %u", *static_cast<unsigned*>(handle));
  return 0;
}
int nvmlDeviceGetMemoryInfo(void* handle, FakeNvmlMemory* memory) {
  if (*static_cast<unsigned*>(handle) == 1) return 1;
  *memory = {1000, 400, 600};
  return 0;
}
}
