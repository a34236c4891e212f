// Stands for libcuda.so.1 at link time. See CMakeLists.txt.

__attribute__((visibility("default"))) int cuDevicePrimaryCtxRetain(void **context, int device) {
    (void)context;
    (void)device;
    return 3; // not initialised
}

__attribute__((visibility("default"))) int cuDevicePrimaryCtxRelease_v2(int device) {
    (void)device;
    return 3;
}

__attribute__((visibility("default"))) int cuCtxSetCurrent(void *context) {
    (void)context;
    return 3;
}
