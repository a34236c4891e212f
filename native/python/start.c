/*
 * .NET in a Python process: hostfxr loads the managed assembly, whose entry point registers its function table with
 * the core library. Where a .NET program hosts Python, the table is there already and nothing is started.
 */
#include "core_module.h"

#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* ---- hostfxr's interface, as documented by the .NET hosting design ------------------------------------- */

typedef void *hostfxr_handle;
typedef void (*hostfxr_error_writer)(const char *message);

typedef struct hostfxr_parameters {
    size_t size;
    const char *host_path;
    const char *dotnet_root;
} hostfxr_parameters;

typedef int (*initialize_fn)(const char *config, const hostfxr_parameters *parameters, hostfxr_handle *out);
typedef int (*get_delegate_fn)(hostfxr_handle handle, int type, void **out);
typedef int (*close_fn)(hostfxr_handle handle);
typedef hostfxr_error_writer (*set_error_writer_fn)(hostfxr_error_writer writer);
typedef int (*load_assembly_fn)(const char *assembly, const char *type, const char *method,
                                const char *delegate_type, void *reserved, void **out);

enum { LOAD_ASSEMBLY_AND_GET_FUNCTION_POINTER = 5 };
#define UNMANAGED_CALLERS_ONLY ((const char *)-1)

typedef int32_t (*entry_fn)(const tb_native_api *native, tb_error *error);

/* ---- state --------------------------------------------------------------------------------------------- */

static char package_folder[PATH_MAX];
static char host_messages[1024];

static void collect_message(const char *message) {
    size_t used = strlen(host_messages);
    snprintf(host_messages + used, sizeof host_messages - used, "%s%s", used != 0 ? "\n" : "", message);
}

PyObject *module_configure(PyObject *Py_UNUSED(module), PyObject *arguments, PyObject *keywords) {
    static char *names_of[] = {"folder", NULL};
    const char *folder;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "s:configure", names_of, &folder))
        return NULL;
    if (snprintf(package_folder, sizeof package_folder, "%s", folder) >= (int)sizeof package_folder) {
        PyErr_SetString(PyExc_ValueError, "the package's path is too long");
        return NULL;
    }
    /* A machine without .NET says so on import, not in the middle of somebody's work. */
    char root[PATH_MAX], hostfxr_path[PATH_MAX + 128];
    if (tb_managed() == NULL && find_hostfxr(package_folder, root, hostfxr_path, sizeof root) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- start --------------------------------------------------------------------------------------------- */

static int raise_host_error(const char *step, int code) {
    PyErr_Format(PyExc_RuntimeError, "starting .NET failed in %s (0x%x)%s%s", step, (unsigned)code,
                 host_messages[0] != '\0' ? ": " : "", host_messages);
    return -1;
}

static int load_entry(const char *hostfxr_path, const char *root, entry_fn *entry) {
    char config[PATH_MAX + 64], assembly[PATH_MAX + 64];
    snprintf(config, sizeof config, "%s/managed/TensorBridge.Python.runtimeconfig.json", package_folder);
    snprintf(assembly, sizeof assembly, "%s/managed/TensorBridge.Python.dll", package_folder);
    void *library = dlopen(hostfxr_path, RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL) {
        PyErr_Format(PyExc_RuntimeError, "loading hostfxr failed: %s", dlerror());
        return -1;
    }
    initialize_fn initialize = (initialize_fn)dlsym(library, "hostfxr_initialize_for_runtime_config");
    get_delegate_fn get_delegate = (get_delegate_fn)dlsym(library, "hostfxr_get_runtime_delegate");
    close_fn close_handle = (close_fn)dlsym(library, "hostfxr_close");
    set_error_writer_fn set_error_writer = (set_error_writer_fn)dlsym(library, "hostfxr_set_error_writer");
    if (initialize == NULL || get_delegate == NULL || close_handle == NULL || set_error_writer == NULL) {
        PyErr_Format(PyExc_RuntimeError, "%s is no hostfxr of .NET 10", hostfxr_path);
        return -1;
    }
    host_messages[0] = '\0';
    hostfxr_error_writer previous = set_error_writer(collect_message);
    hostfxr_parameters parameters = {sizeof parameters, NULL, root};
    hostfxr_handle handle = NULL;
    load_assembly_fn load = NULL;
    const char *step = "hostfxr_initialize_for_runtime_config";
    int code = initialize(config, &parameters, &handle);
    if (code >= 0 && code <= 2) { /* 1 and 2: a runtime is running in this process already, which is used */
        step = "hostfxr_get_runtime_delegate";
        code = get_delegate(handle, LOAD_ASSEMBLY_AND_GET_FUNCTION_POINTER, (void **)&load);
    }
    if (handle != NULL)
        close_handle(handle);
    if (code == 0) {
        step = "loading TensorBridge.Python.dll";
        code = load(assembly, "TensorBridge.Python.EntryPoints.Bootstrap, TensorBridge.Python", "Start",
                    UNMANAGED_CALLERS_ONLY, NULL, (void **)entry);
    }
    set_error_writer(previous);
    return code == 0 ? 0 : raise_host_error(step, code);
}

/* Signals stay Python's: the runtime's own handlers for these two are taken out again. */
static int load_entry_keeping_signals(const char *hostfxr_path, const char *root, entry_fn *entry) {
    struct sigaction interrupt, terminate;
    sigaction(SIGINT, NULL, &interrupt);
    sigaction(SIGTERM, NULL, &terminate);
    int result = load_entry(hostfxr_path, root, entry);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGTERM, &terminate, NULL);
    return result;
}

/* Under the GIL, so that two threads cannot both start. */
static int start(void) {
    char root[PATH_MAX], hostfxr_path[PATH_MAX + 128];
    if (package_folder[0] == '\0') {
        PyErr_SetString(PyExc_RuntimeError, "import the package tensorbridge, not tensorbridge._core");
        return -1;
    }
    if (find_hostfxr(package_folder, root, hostfxr_path, sizeof root) < 0)
        return -1;
    entry_fn entry = NULL;
    if (load_entry_keeping_signals(hostfxr_path, root, &entry) < 0)
        return -1;
    tb_error error = {.kind = TB_RUNTIME_ERROR};
    if (entry(tb_native(), &error) != 0 || tb_managed() == NULL) {
        PyErr_Format(PyExc_RuntimeError, "the managed part of tensorbridge did not start: %s", error.message);
        return -1;
    }
    return 0;
}

const tb_managed_api *require_managed(void) {
    if (tb_is_forked_child()) {
        PyErr_SetString(PyExc_RuntimeError,
                        "tensorbridge cannot be used in a forked child, because .NET does not survive fork(): use "
                        "the start method 'spawn' or 'forkserver' (multiprocessing.set_start_method), or fork before "
                        "the first use");
        return NULL;
    }
    const tb_managed_api *managed = tb_managed();
    if (managed != NULL)
        return managed;
    return start() < 0 ? NULL : tb_managed();
}

PyObject *module_start(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused)) {
    if (require_managed() == NULL)
        return NULL;
    Py_RETURN_NONE;
}

PyObject *module_is_started(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused)) {
    return PyBool_FromLong(tb_managed() != NULL);
}
