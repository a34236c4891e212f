// Devices and their attributes. All devices are alike.
#include <stdio.h>
#include <string.h>

#include "fakecuda.h"

int device_count = 2;
int compute_capability = 80;
int driver_version = 12040; // ILGPU then emits ISA 8.4, which the ptxas of CUDA 12.4 accepts
size_t device_memory = (size_t)8 << 30;

typedef struct {
    int attribute, value;
} Attribute;

static const Attribute attributes[] = {
    {1, 1024},        // max threads per block
    {2, 1024},        // max block x
    {3, 1024},        // max block y
    {4, 64},          // max block z
    {5, 2147483647},  // max grid x
    {6, 65535},       // max grid y
    {7, 65535},       // max grid z
    {8, 49152},       // shared memory per block
    {9, 65536},       // constant memory
    {10, 32},         // warp size
    {11, 2147483647}, // max pitch
    {12, 65536},      // registers per block
    {13, 1410000},    // clock rate
    {14, 512},        // texture alignment
    {16, 8},          // multiprocessors
    {19, 1},          // can map host memory
    {31, 1},          // concurrent kernels
    {36, 1593000},    // memory clock
    {37, 5120},       // memory bus width
    {38, 4 << 20},    // L2 cache
    {39, 2048},       // threads per multiprocessor
    {40, 3},          // asynchronous engines
    {41, 1},          // unified addressing
    {78, 1},          // stream priorities
    {81, 167936},     // shared memory per multiprocessor
    {82, 65536},      // registers per multiprocessor
    {83, 1},          // managed memory
    {89, 1},          // concurrent managed access
    {90, 1},          // compute preemption
    {91, 1},          // host pointer usable for registered memory
    {115, 1},         // memory pools
};

bool valid_device(CUdevice device) {
    return device >= 0 && device < device_count;
}

EXPORT CUresult cuInit(unsigned flags) {
    ENTER();
    if (flags != 0)
        return leave(CUDA_ERROR_INVALID_VALUE);
    if (device_count < 1)
        return leave(CUDA_ERROR_NO_DEVICE);
    if (!initialised())
        reserve_arenas();
    set_initialised();
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDriverGetVersion(int *version) {
    ENTER();
    *version = driver_version;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDeviceGetCount(int *count) {
    ENTER();
    *count = device_count;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDeviceGet(CUdevice *device, int ordinal) {
    ENTER();
    if (!valid_device(ordinal))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    *device = ordinal;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDeviceGetName(char *name, int capacity, CUdevice device) {
    ENTER();
    if (!valid_device(device))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    snprintf(name, (size_t)capacity, "Stand-in device %d (sm_%d)", device, compute_capability);
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
    ENTER();
    if (!valid_device(device))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    *bytes = device_memory;
    return leave(CUDA_SUCCESS);
}

static int attribute_value(int attribute, CUdevice device) {
    switch (attribute) {
    case 33: // PCI bus
        return 1 + device;
    case 75:
        return compute_capability / 10;
    case 76:
        return compute_capability % 10;
    }
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        if (attributes[i].attribute == attribute)
            return attributes[i].value;
    return 0;
}

EXPORT CUresult cuDeviceGetAttribute(int *value, int attribute, CUdevice device) {
    ENTER();
    if (!valid_device(device))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    *value = attribute_value(attribute, device);
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDeviceCanAccessPeer(int *possible, CUdevice device, CUdevice peer) {
    ENTER();
    if (!valid_device(device) || !valid_device(peer))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    *possible = device != peer;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDeviceGetP2PAttribute(int *value, int attribute, CUdevice source, CUdevice target) {
    ENTER();
    (void)attribute;
    if (!valid_device(source) || !valid_device(target) || source == target)
        return leave(CUDA_ERROR_INVALID_DEVICE);
    *value = 1;
    return leave(CUDA_SUCCESS);
}
