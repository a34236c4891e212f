/* The cost of an import alone: extraction, validation, block, release, without a Tensor object. For benchmarks. */
#include "core_module.h"

#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

PyObject *module_time_import(PyObject *Py_UNUSED(module), PyObject *arguments, PyObject *keywords) {
    static char *names_of[] = {"x", "count", "via", NULL};
    PyObject *object, *via = Py_None;
    Py_ssize_t count;
    tb_import_options options = {TB_VIA_ANY, 0, 0};
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "On|O:time_import", names_of, &object, &count, &via) ||
        parse_via(via, &options.via) < 0)
        return NULL;
    if (count < 1) {
        PyErr_Format(PyExc_ValueError, "count is %zd, expected 1 or more", count);
        return NULL;
    }
    double start = now();
    for (Py_ssize_t i = 0; i < count; i++) {
        tb_block *block;
        if (import_object(object, &options, &block) < 0)
            return NULL;
        tb_block_drop_with_gil(block);
    }
    return PyFloat_FromDouble((now() - start) / (double)count);
}
