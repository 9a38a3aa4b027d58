// Counts what a thread allocates, for benchmarks and tests that promise to allocate nothing.
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

struct allocation_count {
  uint64_t calls;
  uint64_t bytes;
};

// Whether anything is counted: not where a sanitizer has put its own functions in the place of the C library's.
bool counts_allocations(void);

// All that this thread has asked the C library for since it began; what was freed since counts too.
struct allocation_count thread_allocations(void);

// The same for all threads of the process together.
struct allocation_count process_allocations(void);

#endif
