/* LD_PRELOAD: counts what a process does to its database files and to its clients, and kills it (SIGKILL) at the operation it is told.
 *
 * The victim is the shipped program, unmodified. An operation is a write, a truncation or a sync of a file named *.db or *.db-wal,
 * and a send on a TCP socket (what the client sees). The control page lies outside the victim's reach: a file that the
 * driver maps as well.
 *
 *   FERMATA_KILL_CONTROL=/path/page LD_PRELOAD=libfermata_kill_shim.so fermata serve ...
 *
 *   struct control { uint64_t count, kill_at, eighths, last_kind, only_kind; }   all as they are, in the machine's byte order
 *
 * kill_at 0: never. At operation number kill_at the process dies before it is done, with so many eighths of a write done (a torn
 * write, a part of an answer). only_kind != 0: at the first operation of that kind from kill_at on. Calls by several threads are counted
 * one after another. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
  uint64_t count, kill_at, eighths, last_kind, only_kind;
};
enum kind { kind_write = 1, kind_sync = 2, kind_truncate = 3, kind_send = 4 };

static struct control* page;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void die_plainly(const char* why) {
  ssize_t ignored = write(2, why, strlen(why));
  (void)ignored;
  _exit(120);
}

__attribute__((constructor)) static void map_page(void) {
  const char* path = getenv("FERMATA_KILL_CONTROL");
  if (path == NULL) return; /* a helper program of the test: nothing to count */
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) die_plainly("kill_shim: the control page cannot be opened\n");
  void* mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) die_plainly("kill_shim: the control page cannot be mapped\n");
  close(fd);
  page = mapped;
}

static int ends_with(const char* text, const char* tail) {
  size_t n = strlen(text), m = strlen(tail);
  return n >= m && strcmp(text + n - m, tail) == 0;
}

static int is_database(int fd) {
  if (page == NULL) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  return ends_with(path, ".db") || ends_with(path, ".db-wal");
}

/* True: this operation is the one, and the caller shall tear its write and then call the_end(). */
static int reached(enum kind kind) {
  const uint64_t mine = ++page->count;
  page->last_kind = kind;
  if (page->kill_at == 0 || mine < page->kill_at) return 0;
  return page->only_kind == 0 || page->only_kind == (uint64_t)kind;
}

static size_t part_of(size_t whole) { return whole * page->eighths / 8; }

static void the_end(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define REAL(name)                                                 \
  static __typeof__(&name) real;                                   \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define COUNTED(kind, in_part, call)                 \
  do {                                               \
    pthread_mutex_lock(&one_at_a_time);              \
    if (reached(kind)) {                             \
      if (page->eighths) { in_part; }                \
      the_end();                                     \
    }                                                \
    __typeof__(call) result = (call);                \
    int kept = errno;                                \
    pthread_mutex_unlock(&one_at_a_time);            \
    errno = kept;                                    \
    return result;                                   \
  } while (0)

#define IGNORE(call)                   \
  do {                                 \
    ssize_t ignored_result_ = (call);  \
    (void)ignored_result_;             \
  } while (0)

ssize_t write(int fd, const void* bytes, size_t size) {
  REAL(write);
  if (!is_database(fd)) return real(fd, bytes, size);
  COUNTED(kind_write, IGNORE(real(fd, bytes, part_of(size))), real(fd, bytes, size));
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  REAL(pwrite);
  if (!is_database(fd)) return real(fd, bytes, size, at);
  COUNTED(kind_write, IGNORE(real(fd, bytes, part_of(size), at)), real(fd, bytes, size, at));
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  REAL(pwrite64);
  if (!is_database(fd)) return real(fd, bytes, size, at);
  COUNTED(kind_write, IGNORE(real(fd, bytes, part_of(size), at)), real(fd, bytes, size, at));
}

ssize_t writev(int fd, const struct iovec* parts, int n) {
  REAL(writev);
  if (!is_database(fd)) return real(fd, parts, n);
  COUNTED(kind_write, IGNORE(real(fd, parts, (int)part_of((size_t)n))), real(fd, parts, n));
}

ssize_t pwritev(int fd, const struct iovec* parts, int n, off_t at) {
  REAL(pwritev);
  if (!is_database(fd)) return real(fd, parts, n, at);
  COUNTED(kind_write, IGNORE(real(fd, parts, (int)part_of((size_t)n), at)), real(fd, parts, n, at));
}

ssize_t pwritev64(int fd, const struct iovec* parts, int n, off64_t at) {
  REAL(pwritev64);
  if (!is_database(fd)) return real(fd, parts, n, at);
  COUNTED(kind_write, IGNORE(real(fd, parts, (int)part_of((size_t)n), at)), real(fd, parts, n, at));
}

int fsync(int fd) {
  REAL(fsync);
  if (!is_database(fd)) return real(fd);
  COUNTED(kind_sync, (void)0, real(fd));
}

int fdatasync(int fd) {
  REAL(fdatasync);
  if (!is_database(fd)) return real(fd);
  COUNTED(kind_sync, (void)0, real(fd));
}

int ftruncate(int fd, off_t size) {
  REAL(ftruncate);
  if (!is_database(fd)) return real(fd, size);
  COUNTED(kind_truncate, (void)0, real(fd, size));
}

int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  if (!is_database(fd)) return real(fd, size);
  COUNTED(kind_truncate, (void)0, real(fd, size));
}

ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  REAL(send);
  if (page == NULL) return real(fd, bytes, size, flags);
  COUNTED(kind_send, IGNORE(real(fd, bytes, part_of(size), flags)), real(fd, bytes, size, flags));
}
