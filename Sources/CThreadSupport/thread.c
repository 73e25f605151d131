#include "CThreadSupport.h"

_Thread_local uintptr_t nj_own_number;
