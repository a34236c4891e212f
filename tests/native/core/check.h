/* Checks for the native tests: they stay on in release builds, and a failure ends the test with its place. */
#ifndef TENSORBRIDGE_TESTS_CHECK_H
#define TENSORBRIDGE_TESTS_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                  \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

#endif
