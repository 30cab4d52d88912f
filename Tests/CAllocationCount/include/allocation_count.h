// Counts what the calling thread allocates, in the whole process: linked in, it stands before the C library's malloc.
#pragma once

/// How many blocks the calling thread has asked for so far, those freed again included.
unsigned long allocation_count(void);
