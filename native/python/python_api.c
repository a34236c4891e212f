/* Interned names, attribute probes that do not raise, and the question who holds the GIL. */
#include "core_module.h"

#include <dlfcn.h>
#include <pythread.h>

struct names names;

typedef int (*optional_attribute_fn)(PyObject *, PyObject *, PyObject **);
typedef void *(*current_thread_fn)(void);
typedef PyObject *(*call_method_fn)(PyObject *, PyObject *const *, size_t, PyObject *);

static optional_attribute_fn optional_attribute;
static current_thread_fn current_thread;
static call_method_fn vectorcall_method;
static unsigned long main_thread_ident;

static int intern(PyObject **slot, const char *text) {
    if (*slot == NULL)
        *slot = PyUnicode_InternFromString(text);
    return *slot == NULL ? -1 : 0;
}

static void find_newer_functions(void) {
    /* Public from 3.13; before that the private one, exported since 3.7, does the same. */
    optional_attribute = (optional_attribute_fn)dlsym(RTLD_DEFAULT, "PyObject_GetOptionalAttr");
    if (optional_attribute == NULL)
        optional_attribute = (optional_attribute_fn)dlsym(RTLD_DEFAULT, "_PyObject_LookupAttr");
    current_thread = (current_thread_fn)dlsym(RTLD_DEFAULT, "PyThreadState_GetUnchecked");
    if (current_thread == NULL)
        current_thread = (current_thread_fn)dlsym(RTLD_DEFAULT, "_PyThreadState_UncheckedGet");
    /* Exported since 3.9, in the limited API from 3.12. */
    vectorcall_method = (call_method_fn)dlsym(RTLD_DEFAULT, "PyObject_VectorcallMethod");
}

/*
 * The interpreter's main thread, found once: CPython's own question needs a living interpreter and an attached thread. The
 * module may be imported by another thread; then the threading module knows.
 */
static int find_main_thread(void) {
    int (*is_main_thread)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "_PyOS_IsMainThread");
    if (is_main_thread != NULL && is_main_thread()) {
        main_thread_ident = PyThread_get_thread_ident();
        return 0;
    }
    PyObject *threading = PyImport_ImportModule("threading");
    PyObject *thread = threading == NULL ? NULL : PyObject_CallMethod(threading, "main_thread", NULL);
    PyObject *ident = thread == NULL ? NULL : PyObject_GetAttrString(thread, "ident");
    if (ident != NULL)
        main_thread_ident = PyLong_AsUnsignedLong(ident);
    Py_XDECREF(threading);
    Py_XDECREF(thread);
    Py_XDECREF(ident);
    return PyErr_Occurred() ? -1 : 0;
}

int32_t on_main_thread(void) {
    return PyThread_get_thread_ident() == main_thread_ident;
}

int init_python_api(void) {
    static const struct {
        PyObject **slot;
        const char *text;
    } table[] = {
        {&names.array_interface, "__array_interface__"},
        {&names.cuda_array_interface, "__cuda_array_interface__"},
        {&names.array_struct, "__array_struct__"},
        {&names.dlpack, "__dlpack__"},
        {&names.dlpack_device, "__dlpack_device__"},
        {&names.dlpack_exchange, "__dlpack_c_exchange_api__"},
        {&names.max_version, "max_version"},
        {&names.stream, "stream"},
        {&names.copy, "copy"},
        {&names.dl_device, "dl_device"},
        {&names.device, "device"},
        {&names.writable, "writable"},
        {&names.x, "x"},
        {&names.requires_grad, "requires_grad"},
        {&names.is_conj, "is_conj"},
        {&names.is_neg, "is_neg"},
        {&names.typestr, "typestr"},
        {&names.shape, "shape"},
        {&names.strides, "strides"},
        {&names.data, "data"},
        {&names.version, "version"},
        {&names.descr, "descr"},
        {&names.offset, "offset"},
        {&names.mask, "mask"},
        {&names.str, "str"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (intern(table[i].slot, table[i].text) < 0)
            return -1;
    }
    if (names.empty_tuple == NULL && (names.empty_tuple = PyTuple_New(0)) == NULL)
        return -1;
    find_newer_functions();
    if (vectorcall_method == NULL) {
        PyErr_SetString(PyExc_ImportError, "tensorbridge needs CPython 3.11 or newer");
        return -1;
    }
    return find_main_thread();
}

PyObject *get_optional_attribute(PyObject *object, PyObject *name) {
    PyObject *value = NULL;
    if (optional_attribute != NULL) {
        optional_attribute(object, name, &value);
        return value;
    }
    value = PyObject_GetAttr(object, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError))
        PyErr_Clear();
    return value;
}

PyObject *call_method(PyObject *name, PyObject *const *arguments, size_t count, PyObject *keywords) {
    return vectorcall_method(name, arguments, count, keywords);
}

/*
 * PyGILState_Check answers 1 when it does not know (subinterpreters, finalization). The current thread state is a
 * better witness: up to 3.11 it is the GIL holder's, from 3.12 this thread's own; in both it equals this thread's
 * state only if this thread holds the GIL.
 */
int32_t holds_gil(void) {
    if (current_thread == NULL)
        return 0;
    void *current = current_thread();
    return current != NULL && current == (void *)PyGILState_GetThisThreadState();
}
