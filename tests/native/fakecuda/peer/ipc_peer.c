// A second process for the tests: one that shares memory, or one that may die.
//   open <handle in hex> <offset> <count>   adds 1 to `count` bytes of the other process's memory
//   offer <count>                           prints a handle of memory with the bytes 0, 1, 2 and so on, waits
//                                           for a line, then prints the bytes as hex
//   touch                                   reads a device address and dies of it
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver_types.h"

CUresult cuInit(unsigned flags);
CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device);
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device);
CUresult cuCtxSetCurrent(CUcontext context);
CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t size);
CUresult cuMemFree_v2(CUdeviceptr address);
CUresult cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t size);
CUresult cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr address);
CUresult cuIpcOpenMemHandle_v2(CUdeviceptr *address, CUipcMemHandle handle, unsigned flags);
CUresult cuIpcCloseMemHandle(CUdeviceptr address);

static void must(CUresult result, const char *what) {
    if (result == CUDA_SUCCESS)
        return;
    fprintf(stderr, "%s: error %d\n", what, result);
    exit(1);
}

static CUipcMemHandle parse_handle(const char *text) {
    CUipcMemHandle handle;
    for (size_t i = 0; i < sizeof handle; i++) {
        unsigned byte = 0;
        if (sscanf(text + 2 * i, "%2x", &byte) != 1)
            must(CUDA_ERROR_INVALID_VALUE, "handle");
        handle.reserved[i] = (char)byte;
    }
    return handle;
}

static void print_hex(const void *data, size_t size) {
    for (size_t i = 0; i < size; i++)
        printf("%02x", ((const unsigned char *)data)[i]);
    printf("\n");
    fflush(stdout);
}

static void increment(const char *handle, size_t offset, size_t count) {
    CUdeviceptr base;
    unsigned char *bytes = malloc(count);
    must(cuIpcOpenMemHandle_v2(&base, parse_handle(handle), 1), "cuIpcOpenMemHandle");
    must(cuMemcpy((CUdeviceptr)bytes, base + offset, count), "read");
    for (size_t i = 0; i < count; i++)
        bytes[i]++;
    must(cuMemcpy(base + offset, (CUdeviceptr)bytes, count), "write");
    must(cuIpcCloseMemHandle(base), "cuIpcCloseMemHandle");
    free(bytes);
}

static void offer(size_t count) {
    CUdeviceptr memory;
    CUipcMemHandle handle;
    unsigned char *bytes = malloc(count);
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)i;
    must(cuMemAlloc_v2(&memory, count), "cuMemAlloc");
    must(cuMemcpy(memory, (CUdeviceptr)bytes, count), "write");
    must(cuIpcGetMemHandle(&handle, memory), "cuIpcGetMemHandle");
    print_hex(&handle, sizeof handle);
    if (getchar() == EOF)
        exit(1);
    must(cuMemcpy((CUdeviceptr)bytes, memory, count), "read");
    print_hex(bytes, count);
    must(cuMemFree_v2(memory), "cuMemFree");
    free(bytes);
}

// Reads device memory as if it were host memory: this must be the end of the process.
static void touch(void) {
    CUdeviceptr memory;
    must(cuMemAlloc_v2(&memory, 64), "cuMemAlloc");
    printf("%d\n", *(volatile int *)memory);
}

int main(int argc, char **argv) {
    CUcontext context;
    must(cuInit(0), "cuInit");
    must(cuDevicePrimaryCtxRetain(&context, 0), "cuDevicePrimaryCtxRetain");
    must(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    if (argc == 5 && strcmp(argv[1], "open") == 0)
        increment(argv[2], (size_t)atoll(argv[3]), (size_t)atoll(argv[4]));
    else if (argc == 3 && strcmp(argv[1], "offer") == 0)
        offer((size_t)atoll(argv[2]));
    else if (argc == 2 && strcmp(argv[1], "touch") == 0)
        touch();
    else
        return 2;
    must(cuDevicePrimaryCtxRelease_v2(0), "cuDevicePrimaryCtxRelease");
    return 0;
}
