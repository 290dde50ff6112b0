// The only door to the Boehm collector (Debian: libgc-dev).
#define GC_THREADS 1
#define GC_NO_THREAD_REDIRECTS 1
#include <gc/gc.h>
#include <gc/gc_disclaim.h>
#include <gc/gc_mark.h>
#include <stdint.h>

// Whether the program is built with the thread sanitizer, whose handling of signals Boehm's stops do not survive.
extern void __tsan_init(void) __attribute__((weak));
static inline int ludi_gc_must_not_stop_threads(void) { return __tsan_init != 0; }

// Begins, from any thread: Boehm takes the first caller for the main thread, so it is told where its stack begins.
// Afterwards no thread is registered, no static data is a root, and nothing is printed.
static inline void ludi_gc_start(void) {
  struct GC_stack_base base;
  if (GC_get_stack_base(&base) == GC_SUCCESS) GC_stackbottom = (char *)base.mem_base;
  GC_set_all_interior_pointers(1);
  GC_set_no_dls(1);
  GC_set_warn_proc(GC_ignore_warn_proc);
  GC_INIT();
  GC_clear_roots();
  GC_allow_register_threads();
  GC_unregister_my_thread();
}

// Whether the calling thread is registered. Sources/Memory/Region/Region.swift is the only user: another object file
// would have a variable of its own.
static inline int *ludi_gc_attached(void) {
  static _Thread_local int attached = 0;
  return &attached;
}
static inline int ludi_gc_is_attached(void) { return *ludi_gc_attached(); }

// Registers the calling thread; 0 if it was registered before, -1 if its stack cannot be found.
static inline int ludi_gc_attach_thread(void) {
  struct GC_stack_base base;
  if (GC_get_stack_base(&base) != GC_SUCCESS) return -1;
  *ludi_gc_attached() = 1;
  return GC_register_my_thread(&base) == GC_SUCCESS;
}

static inline void ludi_gc_detach_thread(void) {
  GC_unregister_my_thread();
  *ludi_gc_attached() = 0;
}

// A kind of objects of which Boehm reads the first word only, and which it does not clear.
static inline unsigned ludi_gc_new_slab_kind(void) {
  return GC_new_kind(GC_new_free_list(), 8 | GC_DS_LENGTH, 0, 0);
}

// Overwrites what Boehm is about to free, but for the two words of a slab's head, with what looks like no header: for tests.
// Boehm calls it for pieces that are free already, too.
static int ludi_gc_poison(void *object) {
  uint64_t *words = (uint64_t *)object;
  size_t count = GC_size(object) / 8;
  for (size_t i = 2; i < count; i++) words[i] = 0xDEADDEADDEA8;
  return 0;
}
static inline void ludi_gc_poison_freed(unsigned kind) { GC_register_disclaim_proc((int)kind, ludi_gc_poison, 0); }
