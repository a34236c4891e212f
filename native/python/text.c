/* A growable text. */
#include "core_module.h"

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

static int append_escape(text_buffer *text, unsigned char c) {
    static const char digits[] = "0123456789abcdef";
    if (c == '\'' || c == '\\') {
        char escape[] = {'\\', (char)c};
        return text_append(text, escape, sizeof escape);
    }
    char escape[] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
    return text_append(text, escape, sizeof escape);
}

int text_append_quoted(text_buffer *text, const char *data, size_t length) {
    if (text_append(text, "'", 1) < 0)
        return -1;
    size_t plain = 0; /* where the run of characters that need no escape began */
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c >= 0x20 && c != 0x7f && c != '\'' && c != '\\')
            continue;
        if (text_append(text, data + plain, i - plain) < 0 || append_escape(text, c) < 0)
            return -1;
        plain = i + 1;
    }
    return text_append(text, data + plain, length - plain) < 0 ? -1 : text_append(text, "'", 1);
}

int text_append_uint64(text_buffer *text, uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    return text_append(text, digits + at, sizeof digits - at);
}

int text_append_int64(text_buffer *text, int64_t value) {
    if (value >= 0)
        return text_append_uint64(text, (uint64_t)value);
    return text_append(text, "-", 1) < 0 ? -1 : text_append_uint64(text, 0 - (uint64_t)value);
}
