// The one place the version is written. The build reads it from here.
#pragma once

#define ELIGO_VERSION_MAJOR 0
#define ELIGO_VERSION_MINOR 1
#define ELIGO_VERSION_PATCH 0
#define ELIGO_VERSION_STRING "0.1.0"
