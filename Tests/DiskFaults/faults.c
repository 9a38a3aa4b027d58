// Makes the disk refuse, or the process die, at a chosen system call of a program that is started with this in LD_PRELOAD.
//
// Counted are the calls that change files below PLANAR_FAULT_FOLDER: open for writing, write, fsync, rename, truncate, make
// and remove. At call PLANAR_FAULT_CALL (from 1 on) PLANAR_FAULT_KIND happens:
//
//   kill     the process ends before the call
//   tear     the same, but half of a write is done first
//   EIO      the call fails, and the next ones work again
//   ENOSPC   the disk is full from here on: whatever needs room fails
//   EROFS    the disk can only be read from here on
//
// At the end of an undisturbed process the number of calls stands in PLANAR_FAULT_COUNT.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum need { ROOM, CHANGE };

static const char *folder;
static long chosen;
static const char *kind;
static atomic_long calls;
static atomic_char tracked[65536];

__attribute__((constructor)) static void begin(void) {
  folder = getenv("PLANAR_FAULT_FOLDER");
  kind = getenv("PLANAR_FAULT_KIND");
  const char *call = getenv("PLANAR_FAULT_CALL");
  chosen = call ? atol(call) : 0;
}

__attribute__((destructor)) static void end(void) {
  const char *file = getenv("PLANAR_FAULT_COUNT");
  if (!file) return;
  FILE *out = fopen(file, "w");
  if (out) {
    fprintf(out, "%ld\n", (long)calls);
    fclose(out);
  }
}

static void die(void) { syscall(SYS_exit_group, 137); }

static int lies_below(const char *path) { return folder && path && strncmp(path, folder, strlen(folder)) == 0; }

static int is_tracked(int descriptor) { return descriptor >= 0 && descriptor < 65536 && tracked[descriptor]; }

/// Counts a call; the error that it is to fail with, or 0. `torn` is set where half of a write is done before the end.
static int fault(enum need need, int *torn) {
  long number = ++calls;
  if (!chosen || !kind || number < chosen) return 0;
  if (number == chosen) {
    if (!strcmp(kind, "kill")) die();
    if (!strcmp(kind, "tear")) {
      if (!torn) die();
      *torn = 1;
      return 0;
    }
    if (!strcmp(kind, "EIO")) return EIO;
  }
  if (!strcmp(kind, "ENOSPC")) return need == ROOM ? ENOSPC : 0;
  if (!strcmp(kind, "EROFS")) return EROFS;
  return 0;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define REFUSE(need) \
  do { \
    int error = fault(need, NULL); \
    if (error) { \
      errno = error; \
      return -1; \
    } \
  } while (0)

static int opens(const char *path, int flags) { return lies_below(path) && (flags & (O_WRONLY | O_RDWR | O_CREAT | O_DIRECTORY)); }

static int note(int descriptor) {
  if (descriptor >= 0 && descriptor < 65536) tracked[descriptor] = 1;
  return descriptor;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (!opens(path, flags)) return real(path, flags, mode); \
    if (flags & (O_WRONLY | O_RDWR | O_CREAT)) REFUSE(flags & O_CREAT ? ROOM : CHANGE); \
    return note(real(path, flags, mode)); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int at, const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (!opens(path, flags)) return real(at, path, flags, mode); \
    if (flags & (O_WRONLY | O_RDWR | O_CREAT)) REFUSE(flags & O_CREAT ? ROOM : CHANGE); \
    return note(real(at, path, flags, mode)); \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int descriptor) {
  REAL(close);
  if (is_tracked(descriptor)) tracked[descriptor] = 0;
  return real(descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  REAL(write);
  if (!is_tracked(descriptor)) return real(descriptor, bytes, count);
  int torn = 0;
  int error = fault(ROOM, &torn);
  if (error) {
    errno = error;
    return -1;
  }
  if (torn) {
    real(descriptor, bytes, count / 2);
    die();
  }
  return real(descriptor, bytes, count);
}

#define SYNC(name) \
  int name(int descriptor) { \
    REAL(name); \
    if (is_tracked(descriptor)) REFUSE(CHANGE); \
    return real(descriptor); \
  }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, type) \
  int name(int descriptor, type length) { \
    REAL(name); \
    if (is_tracked(descriptor)) REFUSE(CHANGE); \
    return real(descriptor, length); \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int rename(const char *old, const char *new) {
  REAL(rename);
  if (lies_below(new)) REFUSE(ROOM);
  return real(old, new);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  if (lies_below(path)) REFUSE(ROOM);
  return real(path, mode);
}

#define REMOVE(name) \
  int name(const char *path) { \
    REAL(name); \
    if (lies_below(path)) REFUSE(CHANGE); \
    return real(path); \
  }
REMOVE(unlink)
REMOVE(rmdir)
REMOVE(remove)

int unlinkat(int at, const char *path, int flags) {
  REAL(unlinkat);
  if (lies_below(path)) REFUSE(CHANGE);
  return real(at, path, flags);
}
