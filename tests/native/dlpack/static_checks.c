#include "static_checks.h"
