/* A growable text. */
#include "core_module.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_init(text_buffer *text) {
    text->data = text->inline_data;
    text->length = 0;
    text->capacity = sizeof text->inline_data;
}

void text_free(text_buffer *text) {
    if (text->data != text->inline_data)
        free(text->data);
    text_init(text);
}

static int grow(text_buffer *text, size_t needed) {
    size_t capacity = text->capacity * 2;
    while (capacity < needed)
        capacity *= 2;
    char *data = malloc(capacity);
    if (data == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(data, text->data, text->length);
    if (text->data != text->inline_data)
        free(text->data);
    text->data = data;
    text->capacity = capacity;
    return 0;
}

int text_append(text_buffer *text, const char *data, size_t length) {
    if (length > text->capacity - text->length && grow(text, text->length + length) < 0)
        return -1;
    memcpy(text->data + text->length, data, length);
    text->length += length;
    return 0;
}

int text_append_string(text_buffer *text, const char *string) {
    return text_append(text, string, strlen(string));
}

int text_append_quoted(text_buffer *text, const char *data, size_t length) {
    if (text_append(text, "'", 1) < 0)
        return -1;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];
        char escape[8];
        int size;
        if (c == '\'' || c == '\\')
            size = snprintf(escape, sizeof escape, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            size = snprintf(escape, sizeof escape, "\\x%02x", c);
        else
            size = snprintf(escape, sizeof escape, "%c", c);
        if (text_append(text, escape, (size_t)size) < 0)
            return -1;
    }
    return text_append(text, "'", 1);
}

int text_append_int64(text_buffer *text, int64_t value) {
    char digits[32];
    return text_append(text, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, value));
}

int text_append_uint64(text_buffer *text, uint64_t value) {
    char digits[32];
    return text_append(text, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, value));
}
