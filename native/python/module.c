/* The extension module tensorbridge._core. */
#include "core_module.h"

/* ---- what the managed side calls ----------------------------------------------------------------------- */

static int32_t api_import_object(void *object, const tb_import_options *options, tb_block **out, tb_error *error) {
    if (import_object(object, options, out) == 0)
        return 0;
    fetch_error(error);
    return -1;
}

static void *api_export_block(tb_block *block, tb_error *error) {
    PyObject *tensor = tensor_new(tb_block_ref(block));
    if (tensor == NULL)
        fetch_error(error);
    return tensor;
}

/*
 * Python runs signal handlers on its main thread only. Other threads must not take the GIL here: when the interpreter
 * ends, CPython ends a daemon thread that asks for it on the spot, and there are managed frames on its stack.
 */
static int32_t api_check_signals(void) {
    if (!on_main_thread())
        return 0;
    PyGILState_STATE state = PyGILState_Ensure();
    int result = PyErr_CheckSignals();
    drain_releases();
    PyGILState_Release(state);
    return result;
}

static int32_t api_call_progress(void *callable, int64_t done, int64_t total) {
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *result = PyObject_CallFunction(callable, "LL", (long long)done, (long long)total);
    Py_XDECREF(result);
    PyGILState_Release(state);
    return result == NULL ? -1 : 0;
}

static void register_python(void) {
    static const tb_python_api api = {
        .size = sizeof api,
        .import_object = api_import_object,
        .export_block = api_export_block,
        .check_signals = api_check_signals,
        .call_progress = api_call_progress,
        .fetch_error = fetch_error,
    };
    tb_register_python(&api);
}

/* ---- releases from threads without the GIL ------------------------------------------------------------- */

static int drain_pending(void *Py_UNUSED(argument)) {
    drain_releases();
    return 0;
}

static void schedule_drain(void) {
    Py_AddPendingCall(drain_pending, NULL);
}

static const tb_gil_hooks open_hooks = {holds_gil, schedule_drain};
static const tb_gil_hooks closing_hooks = {holds_gil, NULL};

/*
 * Registered with atexit: afterwards nobody calls into the interpreter without holding the GIL already. What is
 * dropped with the GIL, while modules are torn down, is still released.
 */
static PyObject *module_close(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused)) {
    const tb_managed_api *managed = tb_managed();
    if (managed != NULL && managed->shutdown != NULL && !tb_is_forked_child()) {
        Py_BEGIN_ALLOW_THREADS
        managed->shutdown();
        Py_END_ALLOW_THREADS
    }
    drain_releases();
    tb_set_gil_hooks(&closing_hooks);
    Py_RETURN_NONE;
}

/* ---- diagnostics --------------------------------------------------------------------------------------- */

static PyObject *module_statistics(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused)) {
    tb_statistics statistics;
    tb_get_statistics(&statistics);
    return Py_BuildValue("{s:L,s:L,s:L,s:L}", "created", (long long)statistics.created, "released",
                         (long long)statistics.released, "skipped", (long long)statistics.skipped, "queued",
                         (long long)statistics.queued);
}

static PyMethodDef functions[] = {
    {"asarray", (PyCFunction)(void (*)(void))module_asarray, METH_FASTCALL | METH_KEYWORDS,
     "asarray(x, dtype=None, *, copy=None, via=None)\n--\n\n"
     "A tensor over the memory of any object that speaks an array protocol, without a copy.\n\n"
     "copy: None and False never copy, True always does. via: 'buffer', 'array_struct', 'array_interface',\n"
     "'cuda_array_interface' or 'dlpack' forces one protocol. A dtype that is not the array's is an explicit cast,\n"
     "which copies (and is refused with copy=False)."},
    {"from_array_interface", (PyCFunction)(void (*)(void))module_from_array_interface, METH_VARARGS | METH_KEYWORDS,
     "from_array_interface(interface, owner=None, *, copy=None)\n--\n\n"
     "A tensor from a bare array interface dictionary, or from its text (JSON, or as Python prints it).\n\n"
     "owner is kept alive as long as the memory is in use; so is the dictionary."},
    {"from_pointer", (PyCFunction)(void (*)(void))module_from_pointer, METH_VARARGS | METH_KEYWORDS,
     "from_pointer(ptr, typestr, shape, strides=None, readonly=False, owner=None, copy=False)\n--\n\n"
     "A tensor over host memory at an address. strides are bytes; None means C order."},
    {"frombuffer", (PyCFunction)(void (*)(void))module_frombuffer, METH_VARARGS | METH_KEYWORDS,
     "frombuffer(buf, typestr, shape=None, offset=0, strides=None)\n--\n\n"
     "A tensor over the bytes of a buffer, with full bounds checks; without a shape, one axis over all of it."},
    {"from_dlpack", (PyCFunction)(void (*)(void))module_from_dlpack, METH_FASTCALL | METH_KEYWORDS,
     "from_dlpack(x, device=None, copy=None, *, writable=None)\n--\n\n"
     "A tensor from a DLPack producer or capsule. Legacy capsules cannot say whether they may be written and come out\n"
     "read-only; writable=True vouches for them, writable=False makes any result read-only."},
    {"set_tensor_type", module_set_tensor_type, METH_O,
     "set_tensor_type(type, /)\n--\n\nMakes a subclass of TensorBase the class of all new tensors."},
    {"configure", (PyCFunction)(void (*)(void))module_configure, METH_VARARGS | METH_KEYWORDS, "Tells where the package is."},
    {"start", module_start, METH_NOARGS, "Starts .NET; done on first use otherwise."},
    {"is_started", module_is_started, METH_NOARGS, "True once .NET runs in this process."},
    {"operations", module_operations, METH_NOARGS, "The functions that the managed side registered, by name."},
    {"statistics", module_statistics, METH_NOARGS, "Counts of blocks: created, released, skipped, queued."},
    {"time_import", (PyCFunction)(void (*)(void))module_time_import, METH_VARARGS | METH_KEYWORDS,
     "time_import(x, count, via=None)\n--\n\nNanoseconds that one import takes in C, without the Tensor object."},
    {"_close", module_close, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int refuse_subinterpreter(void) {
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) == 0)
        return 0;
    PyErr_SetString(PyExc_ImportError, "tensorbridge works in the main interpreter only, not in a subinterpreter");
    return -1;
}

/* Another copy of the core library may have been in the process before, of a .NET host or of another installation. */
static int check_core_library(void) {
    const tb_native_api *native = tb_native();
    if (native->abi_version == TB_ABI_VERSION && native->size == (int64_t)sizeof *native)
        return 0;
    PyErr_Format(PyExc_ImportError,
                 "this process has loaded libtensorbridge with ABI version %d already, this package needs %d: use one "
                 "build of tensorbridge per process",
                 native->abi_version, TB_ABI_VERSION);
    return -1;
}

static int execute(PyObject *module) {
    if (refuse_subinterpreter() < 0 || check_core_library() < 0 || init_python_api() < 0 || init_tensor_type(module) < 0)
        return -1;
    tb_set_gil_hooks(&open_hooks);
    register_python();
    return PyModule_AddIntConstant(module, "ABI_VERSION", TB_ABI_VERSION);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_core", "Native part of tensorbridge.", 0, functions, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__core(void) {
    return PyModuleDef_Init(&definition);
}
