/*
 * A native library that exchanges tensors through DLPack's exchange tables: a consumer of any table, and a producer
 * with a table of its own. Loaded by test_dlpack.py with the GIL held; objects are opaque here.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tensorbridge/dlpack.h>

/* ---- consumer ------------------------------------------------------------------------------------------ */

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

/* -1: the table refused, with an exception set. */
double peer_sum(const DLPackExchangeAPI *table, void *object)
{
    DLManagedTensorVersioned *tensor;
    if (table->managed_tensor_from_py_object_no_sync(object, &tensor) != 0)
        return -1;
    double total = sum_of(&tensor->dl_tensor);
    tensor->deleter(tensor);
    return total;
}

double peer_sum_borrowed(const DLPackExchangeAPI *table, void *object)
{
    DLTensor tensor;
    return table->dltensor_from_py_object_no_sync(object, &tensor) != 0 ? -1 : sum_of(&tensor);
}

/* Out of the object and into a new one; NULL with an exception set. */
void *peer_pass_on(const DLPackExchangeAPI *table, void *object)
{
    DLManagedTensorVersioned *tensor;
    void *result = NULL;
    if (table->managed_tensor_from_py_object_no_sync(object, &tensor) != 0 ||
        table->managed_tensor_to_py_object_no_sync(tensor, &result) != 0)
        return NULL;
    return result;
}

static char error_kind[64];
static char error_message[256];

static void set_error(void *context, const char *kind, const char *message)
{
    ++*(int *)context;
    strncpy(error_kind, kind, sizeof error_kind - 1);
    strncpy(error_message, message, sizeof error_message - 1);
}

/* A tensor of the table's allocator as an object, every byte written; NULL where it was refused through set_error. */
void *peer_allocate(const DLPackExchangeAPI *table, int32_t ndim, int64_t *shape, int code, int bits, int lanes, int device)
{
    DLTensor prototype = {0};
    prototype.device.device_type = device;
    prototype.ndim = ndim;
    prototype.shape = shape;
    prototype.dtype.code = (uint8_t)code;
    prototype.dtype.bits = (uint8_t)bits;
    prototype.dtype.lanes = (uint16_t)lanes;
    DLManagedTensorVersioned *tensor = NULL;
    int errors = 0;
    void *result = NULL;
    if (table->managed_tensor_allocator(&prototype, &tensor, &errors, set_error) != 0) {
        if (errors != 1 || tensor != NULL)
            abort();
        return NULL;
    }
    int64_t size = (bits + 7) / 8;
    for (int32_t i = 0; i < ndim; i++)
        size *= shape[i];
    memset(tensor->dl_tensor.data, 0, (size_t)size);
    return table->managed_tensor_to_py_object_no_sync(tensor, &result) != 0 ? NULL : result;
}

const char *peer_error_kind(void)
{
    return error_kind;
}

const char *peer_error_message(void)
{
    return error_message;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Nanoseconds of one exchange, out and given back. */
double peer_time(const DLPackExchangeAPI *table, void *object, int count)
{
    double start = now();
    for (int i = 0; i < count; i++) {
        DLManagedTensorVersioned *tensor;
        if (table->managed_tensor_from_py_object_no_sync(object, &tensor) != 0)
            return -1;
        tensor->deleter(tensor);
    }
    return (now() - start) / count;
}

double peer_time_borrowed(const DLPackExchangeAPI *table, void *object, int count)
{
    double start = now();
    for (int i = 0; i < count; i++) {
        DLTensor tensor;
        if (table->dltensor_from_py_object_no_sync(object, &tensor) != 0)
            return -1;
    }
    return (now() - start) / count;
}

/* ---- producer ------------------------------------------------------------------------------------------ */

static int live;
static int made;

typedef struct product {
    DLManagedTensorVersioned managed;
    int64_t shape[2];
    int64_t strides[2];
    float data[];
} product;

static void give_back(DLManagedTensorVersioned *self)
{
    live--;
    free(self);
}

/* 0 to 5 as 2 x 3 in Fortran order, with an element in front. */
static product *produce(void)
{
    product *self = calloc(1, sizeof *self + 7 * sizeof(float));
    if (self == NULL)
        abort();
    live++;
    made++;
    for (int i = 0; i < 6; i++)
        self->data[1 + i] = (float)i;
    self->shape[0] = 2;
    self->shape[1] = 3;
    self->strides[0] = 1;
    self->strides[1] = 2;
    DLManagedTensorVersioned *managed = &self->managed;
    managed->version.major = DLPACK_MAJOR_VERSION;
    managed->version.minor = DLPACK_MINOR_VERSION;
    managed->deleter = give_back;
    managed->dl_tensor.data = self->data;
    managed->dl_tensor.byte_offset = sizeof(float);
    managed->dl_tensor.device.device_type = kDLCPU;
    managed->dl_tensor.ndim = 2;
    managed->dl_tensor.dtype.code = kDLFloat;
    managed->dl_tensor.dtype.bits = 32;
    managed->dl_tensor.dtype.lanes = 1;
    managed->dl_tensor.shape = self->shape;
    managed->dl_tensor.strides = self->strides;
    return self;
}

static int give(void *object, DLManagedTensorVersioned **out)
{
    (void)object;
    *out = &produce()->managed;
    return 0;
}

static int give_foreign(void *object, DLManagedTensorVersioned **out)
{
    give(object, out);
    (*out)->version.major = DLPACK_MAJOR_VERSION + 1;
    return 0;
}

static int give_short_vectors(void *object, DLManagedTensorVersioned **out)
{
    give(object, out);
    (*out)->dl_tensor.dtype.lanes = 4;
    return 0;
}

static int give_nothing(void *object, DLManagedTensorVersioned **out)
{
    (void)object;
    *out = NULL;
    return -1;
}

enum { GOOD, OLDER, FOREIGN_STRUCT, SHORT_VECTORS, NOTHING, NO_FITTING_TABLE };

/* A table that only exports; OLDER is found behind a table of the next major version, whose functions are unknown. */
const void *peer_table(int which)
{
    static DLPackExchangeAPI tables[6];
    static DLPackExchangeAPIHeader newer[2];
    static int (*const functions[])(void *, DLManagedTensorVersioned **) = {give, give, give_foreign, give_short_vectors, give_nothing, give};
    DLPackExchangeAPI *table = &tables[which];
    table->header.version.major = DLPACK_MAJOR_VERSION;
    table->header.version.minor = DLPACK_MINOR_VERSION;
    table->managed_tensor_from_py_object_no_sync = functions[which];
    newer[0].version.major = newer[1].version.major = DLPACK_MAJOR_VERSION + 1;
    newer[0].prev_api = &tables[OLDER].header;
    return which == OLDER ? (void *)&newer[0] : which == NO_FITTING_TABLE ? (void *)&newer[1] : (void *)table;
}

int peer_live(void)
{
    return live;
}

int peer_made(void)
{
    return made;
}
