/*
 * A native library as a DLPack peer: consumes tensors of ours and produces tensors for us. Loaded by
 * NativePeerTests.cs.
 */
#include <pthread.h>
#include <stdlib.h>

#include <tensorbridge/dlpack.h>

/* Sum over a float32 host tensor of any rank and strides. */
static double sum(const DLTensor *tensor, const float *element, int axis)
{
    if (axis == tensor->ndim)
        return *element;
    double total = 0;
    for (int64_t i = 0; i < tensor->shape[axis]; i++)
        total += sum(tensor, element + i * tensor->strides[axis], axis + 1);
    return total;
}

static double sum_of(const DLTensor *tensor)
{
    return sum(tensor, (const float *)((const char *)tensor->data + tensor->byte_offset), 0);
}

static void *delete_versioned(void *argument)
{
    DLManagedTensorVersioned *tensor = argument;
    tensor->deleter(tensor);
    return NULL;
}

static void *delete_legacy(void *argument)
{
    DLManagedTensor *tensor = argument;
    tensor->deleter(tensor);
    return NULL;
}

/* Gives a tensor back on a thread that the runtime of the producer has never seen. */
static void on_new_thread(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, argument) != 0)
        abort();
    pthread_join(thread, NULL);
}

double peer_consume(DLManagedTensorVersioned *tensor)
{
    double total = sum_of(&tensor->dl_tensor);
    on_new_thread(delete_versioned, tensor);
    return total;
}

double peer_consume_legacy(DLManagedTensor *tensor)
{
    double total = sum_of(&tensor->dl_tensor);
    on_new_thread(delete_legacy, tensor);
    return total;
}

/* One block for struct, numbers and data, as a producer would have it. */
typedef struct Product {
    union {
        DLManagedTensorVersioned versioned;
        DLManagedTensor legacy;
    } managed;
    int64_t shape[2];
    int64_t strides[2];
    int *deleted;
    float data[];
} Product;

static void delete_product(Product *product)
{
    ++*product->deleted;
    free(product);
}

static void delete_versioned_product(DLManagedTensorVersioned *self)
{
    delete_product(self->manager_ctx);
}

static void delete_legacy_product(DLManagedTensor *self)
{
    delete_product(self->manager_ctx);
}

/* 0, 1, 2, ... in Fortran order, with an offset in front of element 0. */
static Product *produce(int64_t rows, int64_t columns, int *deleted)
{
    Product *product = calloc(1, sizeof *product + sizeof(float) * (size_t)(rows * columns + 1));
    if (product == NULL)
        abort();
    product->deleted = deleted;
    product->shape[0] = rows;
    product->shape[1] = columns;
    product->strides[0] = 1;
    product->strides[1] = rows;
    for (int64_t i = 0; i < rows * columns; i++)
        product->data[i + 1] = (float)i;
    return product;
}

static DLTensor describe(Product *product)
{
    DLTensor tensor = {0};
    tensor.data = product->data;
    tensor.device.device_type = kDLCPU;
    tensor.ndim = 2;
    tensor.dtype.code = kDLFloat;
    tensor.dtype.bits = 32;
    tensor.dtype.lanes = 1;
    tensor.shape = product->shape;
    tensor.strides = product->strides;
    tensor.byte_offset = sizeof(float);
    return tensor;
}

DLManagedTensorVersioned *peer_produce(int64_t rows, int64_t columns, uint64_t flags, int *deleted)
{
    Product *product = produce(rows, columns, deleted);
    DLManagedTensorVersioned *tensor = &product->managed.versioned;
    tensor->version.major = DLPACK_MAJOR_VERSION;
    tensor->version.minor = DLPACK_MINOR_VERSION;
    tensor->manager_ctx = product;
    tensor->deleter = delete_versioned_product;
    tensor->flags = flags;
    tensor->dl_tensor = describe(product);
    return tensor;
}

DLManagedTensor *peer_produce_legacy(int64_t rows, int64_t columns, int *deleted)
{
    Product *product = produce(rows, columns, deleted);
    DLManagedTensor *tensor = &product->managed.legacy;
    tensor->manager_ctx = product;
    tensor->deleter = delete_legacy_product;
    tensor->dl_tensor = describe(product);
    return tensor;
}
