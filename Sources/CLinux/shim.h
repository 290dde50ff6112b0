// What the Linux C library offers only through variadic calls or macros, which Swift does not import.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <errno.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Sleeps while *address == expected, at most `nanoseconds` (negative: without limit).
// Returns 0 when woken, else the error number (EAGAIN: the value differs; ETIMEDOUT; EINTR).
static inline int ludi_futex_wait(const void *address, uint32_t expected, int64_t nanoseconds) {
  struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  long r = syscall(SYS_futex, address, FUTEX_WAIT_PRIVATE, expected, nanoseconds < 0 ? 0 : &limit, 0, 0);
  return r == 0 ? 0 : errno;
}

// Wakes at most `count` threads that sleep on `address`; returns how many.
static inline int ludi_futex_wake(const void *address, int count) {
  return (int)syscall(SYS_futex, address, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
}

// The number of processors in this process's affinity mask (at least 1).
static inline int ludi_affinity_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int n = CPU_COUNT(&set);
  return n > 0 ? n : 1;
}

// Ties the calling thread to one of the processors in its affinity mask, by its place in the mask. 0: done.
static inline int ludi_stay_on_processor(int place) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return -1;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &set) || place-- > 0) continue;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof set, &set);
  }
  return -1;
}

// Lets the calling thread run before all others of its process, and before all that have no real-time priority. 0: done;
// else the system does not allow it.
static inline int ludi_go_first(void) {
  struct sched_param rank;
  if (sched_getparam(0, &rank) != 0) return -1;
  rank.sched_priority += 1;
  return sched_setscheduler(0, SCHED_FIFO, &rank);
}

// What sched_getattr and sched_setattr exchange with the kernel (its first version; glibc 2.36 does not know them).
struct ludi_turns {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};

// How long the calling thread's turns on a processor are where others want it, in nanoseconds. 0: the kernel does not say
// (before Linux 6.12), or the thread has none (real-time).
static inline uint64_t ludi_turn_nanoseconds(void) {
  struct ludi_turns turns = {sizeof turns};
  if (syscall(SYS_sched_getattr, 0, &turns, sizeof turns, 0) != 0) return 0;
  return turns.policy == SCHED_OTHER ? turns.runtime : 0;
}

// Asks for turns of that length, the kernel's own for 0; what else is known of the thread stays. 0: the kernel took it.
static inline int ludi_ask_for_turns(uint64_t nanoseconds) {
  struct ludi_turns turns = {sizeof turns};
  if (syscall(SYS_sched_getattr, 0, &turns, sizeof turns, 0) != 0 || turns.policy != SCHED_OTHER) return -1;
  turns.size = sizeof turns;
  turns.runtime = nanoseconds;
  return (int)syscall(SYS_sched_setattr, 0, &turns, 0);
}

// The compiler moves no access to memory across it; the processor may.
static inline void ludi_compiler_fence(void) { __asm__ volatile("" ::: "memory"); }

// A full barrier in all threads of the program that run; the second needs the first, once. 0: done.
static inline int ludi_membarrier_register(void) {
  return (int)syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}
static inline int ludi_membarrier(void) { return (int)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0); }

// Asks for the cache line at an address, which will be written soon. Any address will do; nothing is read.
static inline void ludi_prefetch(const void *address) { __builtin_prefetch(address, 1); }

// Tells the processor that this is a spin loop.
static inline void ludi_spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

#include <string.h>
// The first occurrence of needle[0..<n] in bytes[0..<count], or null. (memmem hides behind _GNU_SOURCE.)
static inline const void *ludi_find_bytes(const void *bytes, size_t count, const void *needle, size_t n) {
  return memmem(bytes, count, needle, n);
}

// The lock ranks that the calling thread holds, as a set of bits; see Sources/Lanes/LockOrder.swift, which is
// the only user (a second object file that used it would have a second variable).
static inline uint64_t *ludi_held_lock_ranks(void) {
  static _Thread_local uint64_t held = 0;
  return &held;
}

// Nanoseconds of the monotonic clock, the one that futex timeouts are measured with.
static inline uint64_t ludi_monotonic_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t ludi_nanoseconds_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// Nanoseconds of processor time that the calling thread has used; and all threads of the program.
static inline uint64_t ludi_thread_nanoseconds(void) { return ludi_nanoseconds_of(CLOCK_THREAD_CPUTIME_ID); }
static inline uint64_t ludi_program_nanoseconds(void) { return ludi_nanoseconds_of(CLOCK_PROCESS_CPUTIME_ID); }

// The clock of the calling thread's processor time, which other threads may read; 0 (the time of day): there is none.
static inline clockid_t ludi_thread_clock(void) {
  clockid_t clock;
  return pthread_getcpuclockid(pthread_self(), &clock) == 0 ? clock : 0;
}

// How many pages the system has given the calling thread. (<sys/resource.h> declares less without _GNU_SOURCE, as
// Glibc's module has it; the kernel's `struct rusage` is 18 words, of which words 8 and 9 count page faults.)
static inline uint64_t ludi_thread_faults(void) {
  long used[18] = {0};
  syscall(SYS_getrusage, 1 /* RUSAGE_THREAD */, used);
  return (uint64_t)used[8] + (uint64_t)used[9];
}

// Sleeps; a signal may end it early.
static inline void ludi_sleep_microseconds(uint32_t microseconds) {
  struct timespec time = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
  nanosleep(&time, 0);
}

// Counts what the calling thread takes and gives back; returns what is due for the common account, 0: nothing yet.
static inline long ludi_tally(long bytes) {
  static _Thread_local long pending = 0;
  pending += bytes;
  if (pending < (1 << 16) && pending > -(1 << 16)) return 0;
  long due = pending;
  pending = 0;
  return due;
}

#include <malloc.h>
// Bytes that malloc has given out and that have not been freed.
static inline int64_t ludi_allocated_bytes(void) {
  struct mallinfo2 use = mallinfo2();
  return (int64_t)(use.uordblks + use.hblkhd);
}
