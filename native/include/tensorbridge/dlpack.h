/*
 * The DLPack 1.3 binary interface, declared by TensorBridge.
 *
 * Names, values and layouts are those of the DLPack ABI, so that code written against it compiles
 * against this header; the words are ours. Valid C11 and C++11. The comments that start with three
 * slashes are read by clang and end up as XML documentation in DLPack.Generated.cs, so they are
 * plain text. Regenerate that file after every change here: see native/bindgen/README.md.
 */
#ifndef TENSORBRIDGE_DLPACK_H
#define TENSORBRIDGE_DLPACK_H

#ifdef DLPACK_DLPACK_H_
#error "tensorbridge/dlpack.h and dlpack/dlpack.h declare the same names: include one of them"
#endif

#include <stdint.h>

/// Major version declared here. Another major number means other layouts: only the first 32 bytes
/// of DLManagedTensorVersioned may then be read, and nothing but its deleter be called.
#define DLPACK_MAJOR_VERSION 1

/// Minor version declared here. A higher minor number only adds codes: it is usable if every code
/// met is known.
#define DLPACK_MINOR_VERSION 3

/// Bit of DLManagedTensorVersioned.flags: the memory must not be written.
#define DLPACK_FLAG_BITMASK_READ_ONLY (1ULL << 0)

/// Bit of DLManagedTensorVersioned.flags: the producer made this copy for the consumer, who is its
/// only owner.
#define DLPACK_FLAG_BITMASK_IS_COPIED (1ULL << 1)

/// Bit of DLManagedTensorVersioned.flags: elements of fewer than 8 bits take a byte each. Without
/// it they are packed, least significant bits first.
#define DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED (1ULL << 2)

#ifdef __cplusplus
extern "C" {
#endif

/// Version of a struct or a table.
typedef struct DLPackVersion {
    /// Changes with layouts.
    uint32_t major;
    /// Changes with codes.
    uint32_t minor;
} DLPackVersion;

#ifdef __cplusplus
/// Kind of device that the memory belongs to. Always 32 bits and signed.
typedef enum DLDeviceType : int32_t {
#else
typedef int32_t DLDeviceType;
enum {
#endif
    /// Host memory.
    kDLCPU = 1,
    /// CUDA device memory.
    kDLCUDA = 2,
    /// Host memory pinned by CUDA. The device id is 0.
    kDLCUDAHost = 3,
    /// OpenCL: data is a cl_mem handle, on which no pointer arithmetic is possible.
    kDLOpenCL = 4,
    /// Vulkan buffer.
    kDLVulkan = 7,
    /// Metal buffer.
    kDLMetal = 8,
    /// Verilog simulator.
    kDLVPI = 9,
    /// ROCm device memory.
    kDLROCM = 10,
    /// Host memory pinned by ROCm.
    kDLROCMHost = 11,
    /// Reserved for devices outside this list.
    kDLExtDev = 12,
    /// CUDA managed memory, reachable from host and devices. The device id is 0: ask the driver.
    kDLCUDAManaged = 13,
    /// Unified shared memory of oneAPI.
    kDLOneAPI = 14,
    /// WebGPU buffer.
    kDLWebGPU = 15,
    /// Qualcomm Hexagon.
    kDLHexagon = 16,
    /// Microsoft MAIA.
    kDLMAIA = 17,
    /// AWS Trainium.
    kDLTrn = 18
#ifdef __cplusplus
} DLDeviceType;
#else
};
#endif

/// A device.
typedef struct DLDevice {
    /// Kind of the device.
    DLDeviceType device_type;
    /// Number of the device among those of its kind. 0 for host, pinned and managed memory.
    int32_t device_id;
} DLDevice;

#ifdef __cplusplus
/// Kind of an element, as found in DLDataType.code. Bits are given by DLDataType.bits.
typedef enum DLDataTypeCode : int32_t {
#else
typedef enum DLDataTypeCode {
#endif
    /// Signed integer of 8, 16, 32 or 64 bits.
    kDLInt = 0,
    /// Unsigned integer of 8, 16, 32 or 64 bits.
    kDLUInt = 1,
    /// IEEE 754 number of 16, 32 or 64 bits.
    kDLFloat = 2,
    /// Handle without arithmetic meaning.
    kDLOpaqueHandle = 3,
    /// bfloat16: the upper half of an IEEE 754 number of 32 bits.
    kDLBfloat = 4,
    /// Real and imaginary part; bits counts both (64 is two numbers of 32 bits).
    kDLComplex = 5,
    /// Boolean of 8 bits; 0 is false and every other value is true.
    kDLBool = 6,
    /// 8-bit number with 3 exponent and 4 mantissa bits.
    kDLFloat8_e3m4 = 7,
    /// 8-bit number with 4 exponent and 3 mantissa bits.
    kDLFloat8_e4m3 = 8,
    /// As e4m3 with bias 11, finite, without a negative zero.
    kDLFloat8_e4m3b11fnuz = 9,
    /// As e4m3, finite.
    kDLFloat8_e4m3fn = 10,
    /// As e4m3, finite, without a negative zero.
    kDLFloat8_e4m3fnuz = 11,
    /// 8-bit number with 5 exponent and 2 mantissa bits.
    kDLFloat8_e5m2 = 12,
    /// As e5m2, finite, without a negative zero.
    kDLFloat8_e5m2fnuz = 13,
    /// Power of two: 8 exponent bits, neither sign nor mantissa.
    kDLFloat8_e8m0fnu = 14,
    /// 6-bit number with 2 exponent and 3 mantissa bits, finite. bits must be 6.
    kDLFloat6_e2m3fn = 15,
    /// 6-bit number with 3 exponent and 2 mantissa bits, finite. bits must be 6.
    kDLFloat6_e3m2fn = 16,
    /// 4-bit number with 2 exponent bits and 1 mantissa bit, finite. bits must be 4.
    kDLFloat4_e2m1fn = 17
} DLDataTypeCode;

/// Type of an element, always in native byte order. An element takes (bits * lanes + 7) / 8 bytes.
typedef struct DLDataType {
    /// One of DLDataTypeCode.
    uint8_t code;
    /// Bits of one lane.
    uint8_t bits;
    /// Lanes of a short vector. 1 for a plain number; tensor libraries refuse anything else.
    uint16_t lanes;
} DLDataType;

/// A strided array. It owns nothing.
typedef struct DLTensor {
    /// Start of the memory, or a handle where the device has no pointers. Element 0 is byte_offset
    /// further. Promises no alignment. May be anything if there are no elements.
    void *data;
    /// Where the memory is.
    DLDevice device;
    /// Number of axes; 0 is a single element.
    int32_t ndim;
    /// Type of every element.
    DLDataType dtype;
    /// Length of each axis. May be NULL if ndim is 0.
    int64_t *shape;
    /// Step along each axis in elements, signed. NULL, from producers older than 1.2, means compact
    /// and row-major.
    int64_t *strides;
    /// Bytes from data to element 0.
    uint64_t byte_offset;
} DLTensor;

/// A tensor and its release, as handed over before 1.0. It cannot say that memory is read-only.
typedef struct DLManagedTensor {
    /// The tensor.
    DLTensor dl_tensor;
    /// Belongs to the producer.
    void *manager_ctx;
    /// Releases the memory and this struct with its shape and strides. The owner calls it exactly
    /// once, from any thread. May be NULL.
    void (*deleter)(struct DLManagedTensor *self);
} DLManagedTensor;

/// A tensor, its release and its flags, as handed over since 1.0. The first 32 bytes keep their
/// layout in every major version.
typedef struct DLManagedTensorVersioned {
    /// Version of this struct: look here first.
    DLPackVersion version;
    /// Belongs to the producer.
    void *manager_ctx;
    /// Releases the memory and this struct with its shape and strides. The owner calls it exactly
    /// once, from any thread, also if the major version is unknown. May be NULL.
    void (*deleter)(struct DLManagedTensorVersioned *self);
    /// Bits named DLPACK_FLAG_BITMASK. Unknown ones are to be ignored.
    uint64_t flags;
    /// The tensor.
    DLTensor dl_tensor;
} DLManagedTensorVersioned;

/// Makes a tensor like the prototype (shape, type and device are read). On failure calls SetError
/// with error_ctx, the name of an error kind and a message.
typedef int (*DLPackManagedTensorAllocator)(DLTensor *prototype, DLManagedTensorVersioned **out, void *error_ctx,
                                            void (*SetError)(void *error_ctx, const char *kind, const char *message));

/// Exports a Python object as a tensor that the caller owns.
typedef int (*DLPackManagedTensorFromPyObjectNoSync)(void *py_object, DLManagedTensorVersioned **out);

/// Makes a new Python object over a tensor and takes the tensor over.
typedef int (*DLPackManagedTensorToPyObjectNoSync)(DLManagedTensorVersioned *tensor, void **out_py_object);

/// Fills a tensor that borrows from a Python object: valid until control returns to Python.
typedef int (*DLPackDLTensorFromPyObjectNoSync)(void *py_object, DLTensor *out);

/// Tells the stream that the library works on. NULL for a host device.
typedef int (*DLPackCurrentWorkStream)(DLDeviceType device_type, int32_t device_id, void **out_current_stream);

/// Head of an exchange table; keeps its layout in every major version.
typedef struct DLPackExchangeAPIHeader {
    /// Version of the table that starts here.
    DLPackVersion version;
    /// A table of an older major version, or NULL. Walk until the major version fits.
    struct DLPackExchangeAPIHeader *prev_api;
} DLPackExchangeAPIHeader;

/// Functions for exchange without capsules; found on a Python type, lives as long as the process.
/// All need the GIL, return 0, or -1 with a Python exception set, and none of them synchronises:
/// ask for the work stream and enqueue there.
typedef struct DLPackExchangeAPI {
    /// Version and older tables.
    DLPackExchangeAPIHeader header;
    /// Makes a tensor like a prototype. Failure is told through the callback given, not as a Python
    /// exception.
    DLPackManagedTensorAllocator managed_tensor_allocator;
    /// Exports a Python object as a tensor that the caller owns.
    DLPackManagedTensorFromPyObjectNoSync managed_tensor_from_py_object_no_sync;
    /// Makes a new Python object over a tensor and takes the tensor over.
    DLPackManagedTensorToPyObjectNoSync managed_tensor_to_py_object_no_sync;
    /// Fills a borrowed tensor, valid until control returns to Python. May be NULL.
    DLPackDLTensorFromPyObjectNoSync dltensor_from_py_object_no_sync;
    /// Tells the stream that the library works on.
    DLPackCurrentWorkStream current_work_stream;
} DLPackExchangeAPI;

#ifdef __cplusplus
}
#endif

#endif
