// The only door to the Boehm collector (Debian: libgc-dev).
#define GC_THREADS 1
#define GC_NO_THREAD_REDIRECTS 1
#include <gc/gc.h>

// GC_INIT and GC_MALLOC_UNCOLLECTABLE are macros, which Swift does not import.
static inline void ludi_gc_init(void) { GC_INIT(); }
