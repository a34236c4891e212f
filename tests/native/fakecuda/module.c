// Modules, functions and launches. The PTX is kept as text; tests hand it to an interpreter.
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakecuda.h"

enum { OPTION_ERROR_LOG = 5, OPTION_ERROR_LOG_SIZE = 6 };

char ptx_directory[512];

static uint64_t next_module_id = 1;

static void dump(const Module *module) {
    if (ptx_directory[0] == 0)
        return;
    char path[640];
    snprintf(path, sizeof path, "%s/module%05llu.ptx", ptx_directory, (unsigned long long)module->id);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return;
    fputs(module->ptx, file);
    fclose(file);
}

static void explain(unsigned count, const int *options, void **values, const char *text) {
    char *buffer = NULL;
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == OPTION_ERROR_LOG)
            buffer = values[i];
        if (options[i] == OPTION_ERROR_LOG_SIZE)
            size = (size_t)values[i];
    }
    if (buffer != NULL && size > 0)
        snprintf(buffer, size, "%s", text);
}

static CUresult load(CUmodule *handle, const char *ptx, unsigned count, const int *options, void **values) {
    if (strstr(ptx, ".entry") == NULL) {
        explain(count, options, values, "stand-in: the text has no .entry");
        return CUDA_ERROR_INVALID_PTX;
    }
    Module *module = create_object(sizeof(Module), KIND_MODULE, current_context());
    if (module == NULL)
        return CUDA_ERROR_OUT_OF_MEMORY;
    module->ptx = strdup(ptx);
    module->id = next_module_id++;
    dump(module);
    *handle = module->head.handle;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuModuleLoadDataEx(CUmodule *handle, const char *ptx, unsigned count, const int *options,
                                   void **values) {
    ENTER();
    NEED_CONTEXT();
    return leave(load(handle, ptx, count, options, values));
}

EXPORT CUresult cuModuleLoadData(CUmodule *handle, const char *ptx) {
    ENTER();
    NEED_CONTEXT();
    return leave(load(handle, ptx, 0, NULL, NULL));
}

static void destroy_functions(CUmodule module) {
    uint32_t cursor = 0;
    for (Function *function; (function = next_object(&cursor, KIND_FUNCTION)) != NULL;)
        if (function->module == module)
            destroy_object(&function->head);
}

EXPORT CUresult cuModuleUnload(CUmodule handle) {
    ENTER_RELEASE();
    Module *module = find_object(handle, KIND_MODULE);
    if (module == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    drain_context(module->head.context);
    destroy_functions(handle);
    free(module->ptx);
    destroy_object(&module->head);
    LEAVE_RELEASE(CUDA_SUCCESS);
}

// Size in bytes of the type that begins at text: ".b32" is 4.
static int type_size(const char *text) {
    bool type = text[0] == '.' && strchr("busf", text[1]) != NULL && isdigit((unsigned char)text[2]);
    return type ? atoi(text + 2) / 8 : 0;
}

// Adds one ".param [.align n] .type name[count]" to the running offset.
static int add_parameter(const char *text, const char *end, int offset) {
    int alignment = 0, size = 0, count = 1;
    for (const char *at = text; at < end; at++) {
        if (strncmp(at, ".align", 6) == 0)
            alignment = atoi(at + 6);
        if (size == 0)
            size = type_size(at);
        if (*at == '[')
            count = atoi(at + 1);
    }
    if (alignment == 0)
        alignment = size > 0 ? size : 1;
    return (offset + alignment - 1) / alignment * alignment + size * count;
}

// Size of the argument buffer of an entry point, -1 when there is no such entry.
static int argument_size(const char *ptx, const char *name) {
    char pattern[300];
    snprintf(pattern, sizeof pattern, ".entry %s(", name);
    const char *at = strstr(ptx, pattern);
    if (at == NULL)
        return -1;
    at += strlen(pattern);
    const char *close = strchr(at, ')');
    int offset = 0;
    while (close != NULL && (at = strstr(at, ".param")) != NULL && at < close) {
        const char *comma = memchr(at, ',', (size_t)(close - at));
        const char *end = comma != NULL ? comma : close;
        offset = add_parameter(at + strlen(".param"), end, offset);
        at = end;
    }
    return offset;
}

EXPORT CUresult cuModuleGetFunction(CUfunction *handle, CUmodule module_handle, const char *name) {
    ENTER();
    Module *module = find_object(module_handle, KIND_MODULE);
    if (module == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    int size = argument_size(module->ptx, name);
    if (size < 0)
        return leave(CUDA_ERROR_NOT_FOUND);
    Function *function = create_object(sizeof(Function), KIND_FUNCTION, module->head.context);
    if (function == NULL)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    function->module = module_handle;
    function->argument_size = size;
    snprintf(function->name, sizeof function->name, "%s", name);
    *handle = function->head.handle;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuFuncGetAttribute(int *value, int attribute, CUfunction handle) {
    ENTER();
    if (find_object(handle, KIND_FUNCTION) == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    *value = attribute == 0 ? 1024 : 0;
    return leave(CUDA_SUCCESS);
}

// Finds the argument buffer in the key-value list of a launch.
static CUresult read_extra(void **extra, const unsigned char **buffer, size_t *size) {
    *buffer = NULL;
    *size = 0;
    for (int i = 0; extra != NULL && extra[i] != (void *)CU_LAUNCH_PARAM_END; i += 2) {
        if (extra[i] == (void *)CU_LAUNCH_PARAM_BUFFER_POINTER)
            *buffer = extra[i + 1];
        else if (extra[i] == (void *)CU_LAUNCH_PARAM_BUFFER_SIZE)
            *size = *(size_t *)extra[i + 1];
        else
            return CUDA_ERROR_INVALID_VALUE;
    }
    return CUDA_SUCCESS;
}

static bool valid_shape(const unsigned grid[3], const unsigned block[3], unsigned shared) {
    bool positive = grid[0] && grid[1] && grid[2] && block[0] && block[1] && block[2];
    bool limits = grid[0] <= 2147483647u && grid[1] <= 65535 && grid[2] <= 65535 && block[0] <= 1024 &&
                  block[1] <= 1024 && block[2] <= 64 && shared <= 49152;
    return positive && limits && (uint64_t)block[0] * block[1] * block[2] <= 1024;
}

static CUresult launch(Function *function, const unsigned grid[3], const unsigned block[3], unsigned shared,
                       Stream *stream, void **extra) {
    const unsigned char *buffer;
    size_t size;
    CUresult result = read_extra(extra, &buffer, &size);
    if (result != CUDA_SUCCESS)
        return result;
    if (size != (size_t)function->argument_size)
        return CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
    Module *module = find_object(function->module, KIND_MODULE);
    Operation operation = {
        .kind = OPERATION_LAUNCH, .arguments = malloc(size + 1), .launch_name = strdup(function->name)};
    if (operation.arguments == NULL || operation.launch_name == NULL)
        return CUDA_ERROR_OUT_OF_MEMORY;
    if (size > 0)
        memcpy(operation.arguments, buffer, size);
    FakeLaunch *content = &operation.launch;
    content->name = operation.launch_name;
    content->ptx = module->ptx;
    content->arguments = operation.arguments;
    content->argument_size = (int32_t)size;
    content->module_id = module->id;
    content->context = stream->head.context->head.handle;
    content->shared_bytes = (int32_t)shared;
    for (int i = 0; i < 3; i++) {
        content->grid[i] = (int32_t)grid[i];
        content->block[i] = (int32_t)block[i];
    }
    note("launch %s grid %u,%u,%u block %u,%u,%u shared %u", function->name, grid[0], grid[1], grid[2],
         block[0], block[1], block[2], shared);
    return enqueue(stream, operation);
}

EXPORT CUresult cuLaunchKernel(CUfunction handle, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                               unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared,
                               CUstream stream_handle, void **parameters, void **extra) {
    ENTER();
    NEED_CONTEXT();
    unsigned grid[3] = {grid_x, grid_y, grid_z}, block[3] = {block_x, block_y, block_z};
    Function *function = find_object(handle, KIND_FUNCTION);
    Stream *stream = resolve_stream(stream_handle);
    if (function == NULL || stream == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    Context *context = current_context();
    if (function->head.context != context || stream->head.context != context)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    if (parameters != NULL || !valid_shape(grid, block, shared))
        return leave(CUDA_ERROR_INVALID_VALUE);
    return leave(launch(function, grid, block, shared, stream, extra));
}

EXPORT CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, CUfunction function, int block_size,
                                                            size_t shared) {
    ENTER();
    (void)function;
    (void)shared;
    *blocks = 2048 / (block_size < 1 ? 1 : block_size);
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuOccupancyMaxPotentialBlockSize(int *min_grid, int *block_size, CUfunction function,
                                                 void *callback, size_t shared, int limit) {
    ENTER();
    (void)function;
    (void)callback;
    (void)shared;
    *block_size = limit > 0 && limit < 1024 ? limit : 1024;
    *min_grid = 16;
    return leave(CUDA_SUCCESS);
}
