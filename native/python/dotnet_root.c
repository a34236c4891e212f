/*
 * Where .NET is. libnethost would answer this too, but only as a static library that brings a C++ runtime along;
 * the search is short enough to be done here: a runtime beside the package, the documented variables and files,
 * dotnet on PATH, the usual folders.
 */
#include "core_module.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NEEDED_MAJOR = 10 };

typedef struct version {
    int major, minor, patch;
} version;

/* Folder names such as 10.0.3; a suffix such as -rc.1 is taken as the number before it. */
static int parse_version(const char *name, version *out) {
    out->minor = out->patch = 0;
    return sscanf(name, "%d.%d.%d", &out->major, &out->minor, &out->patch) >= 2;
}

static int is_newer(const version *a, const version *b) {
    if (a->major != b->major)
        return a->major > b->major;
    if (a->minor != b->minor)
        return a->minor > b->minor;
    return a->patch > b->patch;
}

/* The name of the newest version folder inside a folder; 0 when there is none. */
static int newest_version(const char *folder, char *name, size_t size, version *out) {
    DIR *directory = opendir(folder);
    int found = 0;
    if (directory == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        version candidate;
        if (parse_version(entry->d_name, &candidate) && (!found || is_newer(&candidate, out))) {
            found = 1;
            *out = candidate;
            snprintf(name, size, "%s", entry->d_name);
        }
    }
    closedir(directory);
    return found;
}

typedef struct search {
    char *root;
    char *hostfxr;
    size_t size;
    text_buffer log; /* what was seen where, for the error message */
    int failed;      /* an append ran out of memory */
} search;

static void note(search *search, const char *place, const char *folder, const char *seen) {
    const char *parts[] = {"\n  ", place, folder != NULL ? " " : "", folder != NULL ? folder : "", ": ", seen};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (text_append_string(&search->log, parts[i]) < 0)
            search->failed = 1;
    }
}

/* True when the folder is a root with the needed runtime; search then holds the answer. */
static int try_root(search *search, const char *place, const char *folder) {
    char path[PATH_MAX], name[256], seen[300];
    version found;
    if (folder == NULL || *folder == '\0') {
        note(search, place, NULL, "not set or not found");
        return 0;
    }
    if (snprintf(path, sizeof path, "%s/shared/Microsoft.NETCore.App", folder) >= (int)sizeof path)
        return 0;
    if (!newest_version(path, name, sizeof name, &found)) {
        note(search, place, folder, "no runtime there");
        return 0;
    }
    if (found.major < NEEDED_MAJOR) {
        snprintf(seen, sizeof seen, "its newest runtime is %s", name);
        note(search, place, folder, seen);
        return 0;
    }
    if (snprintf(path, sizeof path, "%s/host/fxr", folder) >= (int)sizeof path ||
        !newest_version(path, name, sizeof name, &found)) {
        note(search, place, folder, "no host/fxr there");
        return 0;
    }
    int length = snprintf(search->hostfxr, search->size, "%s/host/fxr/%s/libhostfxr.so", folder, name);
    if (length >= (int)search->size || access(search->hostfxr, R_OK) != 0) {
        note(search, place, folder, "libhostfxr.so is missing");
        return 0;
    }
    snprintf(search->root, search->size, "%s", folder);
    return 1;
}

static int try_install_location(search *search, const char *file) {
    char line[PATH_MAX];
    FILE *stream = fopen(file, "r");
    if (stream == NULL)
        return 0;
    char *text = fgets(line, sizeof line, stream);
    fclose(stream);
    if (text == NULL)
        return 0;
    text[strcspn(text, "\r\n")] = '\0';
    return try_root(search, file, text);
}

/* The folder of the real file behind 'dotnet' on PATH. */
static int try_path(search *search) {
    const char *path = getenv("PATH");
    for (const char *start = path; start != NULL && *start != '\0';) {
        size_t length = strcspn(start, ":");
        char candidate[PATH_MAX], real[PATH_MAX];
        int size = snprintf(candidate, sizeof candidate, "%.*s/dotnet", (int)length, start);
        if (length > 0 && size < (int)sizeof candidate && access(candidate, X_OK) == 0 &&
            realpath(candidate, real) != NULL) {
            *strrchr(real, '/') = '\0';
            if (try_root(search, "dotnet on PATH", real))
                return 1;
        }
        start += length + (start[length] == ':');
    }
    return 0;
}

static int try_home(search *search) {
    char folder[PATH_MAX];
    const char *home = getenv("HOME");
    if (home == NULL || snprintf(folder, sizeof folder, "%s/.dotnet", home) >= (int)sizeof folder)
        return 0;
    return try_root(search, "~/.dotnet", folder);
}

static int try_all(search *search, const char *package_folder) {
    char bundled[PATH_MAX];
    if (snprintf(bundled, sizeof bundled, "%s/dotnet", package_folder) < (int)sizeof bundled &&
        access(bundled, F_OK) == 0 && try_root(search, "the package's own runtime", bundled))
        return 1;
    return try_root(search, "DOTNET_ROOT", getenv("DOTNET_ROOT")) ||
           try_root(search, "DOTNET_ROOT_X64", getenv("DOTNET_ROOT_X64")) ||
           try_install_location(search, "/etc/dotnet/install_location_x64") ||
           try_install_location(search, "/etc/dotnet/install_location") || try_path(search) ||
           try_root(search, "the usual folder", "/usr/share/dotnet") ||
           try_root(search, "the usual folder", "/usr/lib/dotnet") || try_home(search);
}

int find_hostfxr(const char *package_folder, char *root, char *hostfxr, size_t size) {
    search search = {.root = root, .hostfxr = hostfxr, .size = size};
    text_init(&search.log);
    int found = try_all(&search, package_folder);
    if (!found && !search.failed && text_append(&search.log, "", 1) == 0)
        PyErr_Format(PyExc_RuntimeError,
                     "tensorbridge needs the .NET %d runtime and did not find it; install it (package "
                     "dotnet-runtime-%d.0) or set DOTNET_ROOT to its folder. Looked at:%s",
                     NEEDED_MAJOR, NEEDED_MAJOR, search.log.data);
    else if (found)
        PyErr_Clear();
    text_free(&search.log);
    return found ? 0 : -1;
}
