// Everything for C++ programs. What compile.hpp declares needs the full library; the rest needs only the runtime.
#pragma once

#include "batch.hpp"
#include "compile.hpp"
#include "diagnostics.hpp"
#include "limits.hpp"
#include "pack.hpp"
#include "profile.hpp"
#include "result.hpp"
#include "verdict.hpp"
#include "version.hpp"
