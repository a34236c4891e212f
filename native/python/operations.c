/*
 * Operations that the managed side registers, as Python functions. A new managed operation needs no change here: its
 * name, parameters and documentation come with it.
 */
#include "core_module.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

enum { STACK_ARGUMENTS = 8, SMALL_BYTES = 16 << 10 };

typedef struct operation {
    signature signature;
    PyMethodDef method;
    int32_t index;
    int32_t flags;
} operation;

static PyObject *functions; /* {name: function}; lives as long as the process, as do the operations */

/* ---- calls --------------------------------------------------------------------------------------------- */

/* At most 16 KiB of host memory in every tensor, and no other Python object that the call could run code of. */
static int is_small(const tb_value *arguments, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (arguments[i].kind == TB_OBJECT)
            return 0;
        if (arguments[i].kind != TB_TENSOR)
            continue;
        const tb_tensor *tensor = arguments[i].tensor.tensor;
        if (tensor->device_type != TB_DEVICE_CPU) /* a device may have to be waited for */
            return 0;
        int64_t bytes = tensor->itemsize;
        for (int32_t axis = 0; axis < tensor->ndim && bytes <= SMALL_BYTES; axis++) {
            if (__builtin_mul_overflow(bytes, tensor->shape[axis], &bytes))
                return 0;
        }
        if (bytes > SMALL_BYTES)
            return 0;
    }
    return 1;
}

static int keeps_gil(const operation *operation, const tb_value *arguments, int32_t count) {
    return operation->flags & TB_KEEP_GIL ||
           (operation->flags & TB_KEEP_GIL_WHEN_SMALL && is_small(arguments, count));
}

static PyObject *run(const operation *operation, tb_value *arguments) {
    const tb_managed_api *managed = require_managed();
    if (managed == NULL)
        return NULL;
    tb_value result = {.kind = TB_NONE};
    tb_error error;
    int32_t count = (int32_t)operation->signature.count;
    int32_t code;
    if (keeps_gil(operation, arguments, count)) {
        code = managed->call(operation->index, arguments, count, &result, &error);
    } else {
        Py_BEGIN_ALLOW_THREADS
        code = managed->call(operation->index, arguments, count, &result, &error);
        Py_END_ALLOW_THREADS
    }
    if (code < 0) {
        raise_error(&error, 0);
        return NULL;
    }
    return value_to_object(&result);
}

static PyObject *convert_and_run(const operation *operation, PyObject *const *bound, tb_value *values) {
    Py_ssize_t count = operation->signature.count;
    PyObject *keep = NULL;
    PyObject *result = NULL;
    Py_ssize_t done = 0;
    int failed = 0;
    for (; done < count && !failed; done++)
        failed = value_from_object(bound[done], &operation->signature.parameters[done], &keep, &values[done]) < 0;
    if (!failed)
        result = run(operation, values);
    for (Py_ssize_t i = 0; i < done; i++)
        value_release(&values[i]);
    Py_XDECREF(keep);
    return result;
}

static PyObject *bind_and_run(const operation *operation, PyObject *const *arguments, Py_ssize_t count,
                              PyObject *keywords, PyObject **bound, tb_value *values) {
    PyObject *result = NULL;
    if (signature_bind(&operation->signature, arguments, count, keywords, bound) == 0)
        result = convert_and_run(operation, bound, values);
    for (Py_ssize_t i = 0; i < operation->signature.count; i++)
        Py_XDECREF(bound[i]);
    return result;
}

static PyObject *call(PyObject *capsule, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords) {
    const operation *operation = PyCapsule_GetPointer(capsule, NULL);
    if (operation == NULL)
        return NULL;
    drain_releases();
    size_t parameters = (size_t)operation->signature.count;
    PyObject *stack_bound[STACK_ARGUMENTS];
    tb_value stack_values[STACK_ARGUMENTS];
    if (parameters <= STACK_ARGUMENTS)
        return bind_and_run(operation, arguments, count, keywords, stack_bound, stack_values);
    void *memory = malloc(parameters * (sizeof(PyObject *) + sizeof(tb_value)));
    if (memory == NULL)
        return PyErr_NoMemory();
    tb_value *values = memory;
    PyObject *result = bind_and_run(operation, arguments, count, keywords, (PyObject **)(values + parameters), values);
    free(memory);
    return result;
}

/* ---- registration -------------------------------------------------------------------------------------- */

/* "name(parameters)\n--\n\ndoc", from which Python takes the signature apart. */
static char *docstring(const char *text, const char *doc) {
    size_t size = strlen(text) + strlen(doc) + 8;
    char *result = malloc(size);
    if (result != NULL)
        snprintf(result, size, "%s\n--\n\n%s", text, doc);
    return result;
}

static PyObject *make_function(operation *operation, const tb_operation_info *info) {
    if (signature_parse(info->signature, &operation->signature) < 0)
        return NULL;
    const char *name = PyUnicode_AsUTF8AndSize(operation->signature.name, NULL);
    char *doc = docstring(operation->signature.text, info->doc != NULL ? info->doc : "");
    if (name == NULL || doc == NULL)
        return name == NULL ? NULL : PyErr_NoMemory();
    operation->flags = info->flags;
    operation->method.ml_name = name;
    operation->method.ml_meth = (PyCFunction)(void (*)(void))call;
    operation->method.ml_flags = METH_FASTCALL | METH_KEYWORDS;
    operation->method.ml_doc = doc;
    PyObject *self = PyCapsule_New(operation, NULL, NULL);
    PyObject *module = PyUnicode_FromString("tensorbridge");
    PyObject *function = self == NULL || module == NULL ? NULL : PyCFunction_NewEx(&operation->method, self, module);
    Py_XDECREF(self);
    Py_XDECREF(module);
    return function;
}

static int add_operation(PyObject *into, const tb_managed_api *managed, int32_t index) {
    tb_operation_info info;
    operation *operation = calloc(1, sizeof *operation);
    if (operation == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    operation->index = index;
    PyObject *function = NULL;
    if (managed->operation_info(index, &info) < 0)
        PyErr_Format(PyExc_RuntimeError, "operation %d has no description", index);
    else
        function = make_function(operation, &info);
    int result = function == NULL ? -1 : PyDict_SetItem(into, operation->signature.name, function);
    Py_XDECREF(function);
    return result;
}

static PyObject *all_functions(void) {
    if (functions != NULL)
        return functions;
    const tb_managed_api *managed = require_managed();
    PyObject *made = managed == NULL ? NULL : PyDict_New();
    int32_t count = made == NULL ? 0 : managed->operation_count();
    for (int32_t i = 0; made != NULL && i < count; i++) {
        if (add_operation(made, managed, i) < 0)
            Py_CLEAR(made);
    }
    return functions = made;
}

PyObject *module_operations(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused)) {
    return Py_XNewRef(all_functions());
}

PyObject *call_operation(const char *name, PyObject *const *arguments, Py_ssize_t count) {
    PyObject *table = all_functions();
    PyObject *function = table == NULL ? NULL : PyDict_GetItemString(table, name);
    if (function == NULL) {
        if (table != NULL)
            PyErr_Format(PyExc_NotImplementedError, "the operation '%s' is not registered", name);
        return NULL;
    }
    return call(PyCFunction_GetSelf(function), arguments, count, NULL);
}
