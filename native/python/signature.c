/*
 * Signatures of operations: "copyto(dst: tensor, src: tensor, *, casting: str = 'same_kind')".
 *
 * Parsed once per operation. Kinds are any (the default), tensor, int, float, bool, str, dtype, shape, object, stream,
 * source (a tensor, or a plain Python value); a parameter whose default is None also takes None.
 */
#include "core_module.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PARAMETERS = 32 };

typedef struct cursor {
    const char *at;
    const char *whole;
} cursor;

static int fail(const cursor *cursor, const char *expected) {
    PyErr_Format(PyExc_ValueError, "operation signature \"%s\": expected %s at \"%s\"", cursor->whole, expected, cursor->at);
    return -1;
}

static void skip_spaces(cursor *cursor) {
    while (*cursor->at == ' ')
        cursor->at++;
}

static int accept(cursor *cursor, char c) {
    skip_spaces(cursor);
    if (*cursor->at != c)
        return 0;
    cursor->at++;
    return 1;
}

static size_t word(cursor *cursor, const char **start) {
    skip_spaces(cursor);
    *start = cursor->at;
    while (isalnum((unsigned char)*cursor->at) || *cursor->at == '_')
        cursor->at++;
    return (size_t)(cursor->at - *start);
}

static int parse_name(cursor *cursor, PyObject **out) {
    const char *start;
    size_t length = word(cursor, &start);
    if (length == 0)
        return fail(cursor, "a name");
    *out = PyUnicode_FromStringAndSize(start, (Py_ssize_t)length);
    if (*out != NULL)
        PyUnicode_InternInPlace(out);
    return *out == NULL ? -1 : 0;
}

static int parse_kind(cursor *cursor, enum parameter_kind *out) {
    static const char *const kinds[] = {"any", "tensor", "int", "float", "bool", "str", "dtype", "shape", "object", "stream", "source"};
    const char *start;
    size_t length = word(cursor, &start);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strlen(kinds[i]) == length && strncmp(kinds[i], start, length) == 0) {
            *out = (enum parameter_kind)i;
            return 0;
        }
    }
    cursor->at = start;
    return fail(cursor, "a parameter kind");
}

/* The end of a default value: a comma or parenthesis outside brackets and quotes. */
static const char *default_end(const char *at) {
    int depth = 0;
    char quote = '\0';
    for (; *at != '\0'; at++) {
        if (quote != '\0') {
            if (*at == quote)
                quote = '\0';
        } else if (*at == '\'' || *at == '"') {
            quote = *at;
        } else if (depth == 0 && (*at == ',' || *at == ')')) {
            break;
        } else if (strchr("([{", *at) != NULL) {
            depth++;
        } else if (strchr(")]}", *at) != NULL) {
            depth--;
        }
    }
    return at;
}

static int parse_default(cursor *cursor, PyObject **out) {
    skip_spaces(cursor);
    const char *end = default_end(cursor->at);
    size_t length = (size_t)(end - cursor->at);
    while (length > 0 && cursor->at[length - 1] == ' ')
        length--;
    if (length == 4 && strncmp(cursor->at, "None", 4) == 0) {
        *out = Py_NewRef(Py_None);
    } else if (length == 4 && strncmp(cursor->at, "True", 4) == 0) {
        *out = Py_NewRef(Py_True);
    } else if (length == 5 && strncmp(cursor->at, "False", 5) == 0) {
        *out = Py_NewRef(Py_False);
    } else {
        char *text = strndup(cursor->at, length);
        *out = text == NULL ? PyErr_NoMemory() : evaluate_literal(text);
        free(text);
    }
    cursor->at = end;
    return *out == NULL ? -1 : 0;
}

/* One parameter, or the lone star after which parameters are keyword-only. */
static int parse_parameter(cursor *cursor, signature *out, int *keyword_only) {
    int star = accept(cursor, '*');
    skip_spaces(cursor);
    if (star) {
        *keyword_only = 1;
        out->positional = out->count;
        if (*cursor->at == ',' || *cursor->at == ')')
            return 0;
        out->variadic = 1;
    }
    if (out->count == MAX_PARAMETERS)
        return fail(cursor, "no more parameters");
    parameter *parameter = &out->parameters[out->count++];
    if (parse_name(cursor, &parameter->name) < 0)
        return -1;
    if (accept(cursor, ':') && parse_kind(cursor, &parameter->kind) < 0)
        return -1;
    if (accept(cursor, '=') && parse_default(cursor, &parameter->default_value) < 0)
        return -1;
    if (!*keyword_only)
        out->positional = out->count;
    return 0;
}

/* The signature without its kinds, as inspect reads it from a docstring. */
static char *plain_text(const char *text) {
    char *plain = malloc(strlen(text) + 1);
    char *to = plain;
    if (plain == NULL)
        return NULL;
    char quote = '\0';
    for (const char *at = text; *at != '\0'; at++) {
        if (quote != '\0' || *at == '\'' || *at == '"')
            quote = quote == '\0' ? *at : *at == quote ? '\0' : quote;
        if (quote == '\0' && *at == ':') {
            at += strcspn(at, ",=)") - 1; /* the loop steps onto the delimiter */
            continue;
        }
        *to++ = *at;
    }
    *to = '\0';
    return plain;
}

int signature_parse(const char *text, signature *out) {
    cursor cursor = {text, text};
    int keyword_only = 0;
    memset(out, 0, sizeof *out);
    out->parameters = calloc(MAX_PARAMETERS, sizeof *out->parameters);
    out->text = plain_text(text);
    if (out->parameters == NULL || out->text == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (parse_name(&cursor, &out->name) < 0)
        return -1;
    if (!accept(&cursor, '('))
        return fail(&cursor, "(");
    if (accept(&cursor, ')'))
        return 0;
    do {
        if (parse_parameter(&cursor, out, &keyword_only) < 0)
            return -1;
    } while (accept(&cursor, ','));
    return accept(&cursor, ')') ? 0 : fail(&cursor, ")");
}

void signature_free(signature *signature) {
    for (Py_ssize_t i = 0; i < signature->count; i++) {
        Py_XDECREF(signature->parameters[i].name);
        Py_XDECREF(signature->parameters[i].default_value);
    }
    Py_XDECREF(signature->name);
    free(signature->parameters);
    free(signature->text);
    memset(signature, 0, sizeof *signature);
}

/* ---- binding ------------------------------------------------------------------------------------------- */

static int bind_positional(const signature *signature, PyObject *const *arguments, Py_ssize_t count, PyObject **bound) {
    Py_ssize_t direct = count < signature->positional ? count : signature->positional;
    for (Py_ssize_t i = 0; i < direct; i++)
        bound[i] = Py_NewRef(arguments[i]);
    if (signature->variadic) {
        PyObject *rest = PyTuple_New(count - direct);
        bound[signature->positional] = rest;
        for (Py_ssize_t i = direct; rest != NULL && i < count; i++)
            PyTuple_SetItem(rest, i - direct, Py_NewRef(arguments[i]));
        return rest == NULL ? -1 : 0;
    }
    if (count <= signature->positional)
        return 0;
    PyErr_Format(PyExc_TypeError, "%U() takes at most %zd positional argument%s (%zd given)", signature->name,
                 signature->positional, signature->positional == 1 ? "" : "s", count);
    return -1;
}

static Py_ssize_t find_parameter(const signature *signature, PyObject *name) {
    for (Py_ssize_t i = 0; i < signature->count; i++) {
        if (signature->parameters[i].name == name)
            return i;
    }
    for (Py_ssize_t i = 0; i < signature->count; i++) {
        if (PyUnicode_Compare(signature->parameters[i].name, name) == 0)
            return i;
    }
    return -1;
}

static int bind_keywords(const signature *signature, PyObject *const *values, PyObject *keywords, PyObject **bound) {
    Py_ssize_t count = keywords == NULL ? 0 : PyTuple_Size(keywords);
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *name = PyTuple_GetItem(keywords, k);
        Py_ssize_t i = find_parameter(signature, name);
        if (i < 0 || (signature->variadic && i == signature->positional)) {
            PyErr_Format(PyExc_TypeError, "%U() got an unexpected keyword argument '%U'", signature->name, name);
            return -1;
        }
        if (bound[i] != NULL) {
            PyErr_Format(PyExc_TypeError, "%U() got multiple values for argument '%U'", signature->name, name);
            return -1;
        }
        bound[i] = Py_NewRef(values[k]);
    }
    return 0;
}

int signature_bind(const signature *signature, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords,
                   PyObject **bound) {
    memset(bound, 0, (size_t)signature->count * sizeof *bound);
    if (bind_positional(signature, arguments, count, bound) < 0 ||
        bind_keywords(signature, arguments + count, keywords, bound) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < signature->count; i++) {
        if (bound[i] != NULL)
            continue;
        if (signature->parameters[i].default_value == NULL) {
            PyErr_Format(PyExc_TypeError, "%U() missing required argument '%U'", signature->name,
                         signature->parameters[i].name);
            return -1;
        }
        bound[i] = Py_NewRef(signature->parameters[i].default_value);
    }
    return 0;
}
