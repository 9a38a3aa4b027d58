// The C library's allocation functions with a counter in front. A program that links this object uses them instead of
// the library's own, and so do the shared libraries that it loads (Swift's runtime among them): a dynamic symbol is
// taken from the program first. glibc offers the functions behind under other names for this purpose.
#include "allocations.h"

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)

bool counts_allocations(void) { return false; }
struct allocation_count thread_allocations(void) { return (struct allocation_count){0, 0}; }
struct allocation_count process_allocations(void) { return (struct allocation_count){0, 0}; }

#else

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

// One counter a thread, in a list of all; kept when the thread ends, as what it allocated still counts.
struct counter {
  _Atomic uint64_t calls;
  _Atomic uint64_t bytes;
  struct counter *next;
};

static struct counter *_Atomic counters;
static _Thread_local struct counter *own;

static struct counter *own_counter(void) {
  if (own == NULL) {
    own = __libc_calloc(1, sizeof(struct counter));
    if (own == NULL) abort();
    own->next = atomic_load(&counters);
    while (!atomic_compare_exchange_weak(&counters, &own->next, own)) {
    }
  }
  return own;
}

// Only the counter's own thread writes, so that no addition need be atomic.
static void count(size_t size) {
  struct counter *counter = own_counter();
  atomic_store_explicit(&counter->calls, atomic_load_explicit(&counter->calls, memory_order_relaxed) + 1,
                        memory_order_relaxed);
  atomic_store_explicit(&counter->bytes, atomic_load_explicit(&counter->bytes, memory_order_relaxed) + size,
                        memory_order_relaxed);
}

static struct allocation_count reading(struct counter *counter) {
  return (struct allocation_count){atomic_load_explicit(&counter->calls, memory_order_relaxed),
                                   atomic_load_explicit(&counter->bytes, memory_order_relaxed)};
}

bool counts_allocations(void) { return true; }

struct allocation_count thread_allocations(void) { return reading(own_counter()); }

struct allocation_count process_allocations(void) {
  struct allocation_count sum = {0, 0};
  for (struct counter *counter = atomic_load(&counters); counter != NULL; counter = counter->next) {
    struct allocation_count one = reading(counter);
    sum.calls += one.calls;
    sum.bytes += one.bytes;
  }
  return sum;
}

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  count(size);
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  void *memory = memalign(alignment, size);
  if (memory == NULL) return ENOMEM;
  *block = memory;
  return 0;
}

#endif
