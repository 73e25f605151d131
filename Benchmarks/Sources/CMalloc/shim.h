// What Swift's own view of the C library leaves out: how much the allocator has given away.
#include <malloc.h>
