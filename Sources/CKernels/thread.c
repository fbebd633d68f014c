#define _GNU_SOURCE
#include "kernels.h"
#include <pthread.h>
#include <sys/resource.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

void martlet_name_thread(const char *name) {
#if defined(__APPLE__)
    pthread_setname_np(name);
#else
    char cut[16];
    int i = 0;
    while (i < 15 && name[i]) {
        cut[i] = name[i];
        i++;
    }
    cut[i] = 0;
    pthread_setname_np(pthread_self(), cut);
#endif
}

void martlet_set_niceness(int niceness) {
#if defined(__linux__)
    // On Linux a thread has a nice value of its own.
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), niceness);
#else
    (void)niceness;
#endif
}

void martlet_keep_no_core(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit)) return;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
}

#if defined(__GLIBC__)
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
void martlet_return_memory(void) { malloc_trim(0); }
void martlet_keep_memory(size_t bytes) {
    const size_t most = 32 << 20; // More the allocator refuses.
    mallopt(M_MMAP_THRESHOLD, (int)(bytes / 8 < most ? bytes / 8 : most));
    mallopt(M_TRIM_THRESHOLD, (int)bytes);
}
int martlet_take_large_pages(char **arguments) {
    const char *name = "GLIBC_TUNABLES", *old = getenv(name);
    if (old && strstr(old, "glibc.malloc.hugetlb")) return 0;
    // What stands later counts: a setting of whoever starts it holds. A heap for each processor instead of eight: memory that one thread takes and another
    // frees is used again sooner, which saves clearing new pages.
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    char *both = NULL;
    if (asprintf(&both, "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=%ld%s%s", processors > 0 ? processors : 1, old && *old ? ":" : "", old ? old : "") < 0) return -1;
    setenv(name, both, 1);
    free(both);
    // Swift's report of a crash prints what stands in memory.
    setenv("SWIFT_BACKTRACE", "enable=no", 0);
    // By its own path, so that the process keeps its name.
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0) return -1;
    path[length] = 0;
    return execv(path, arguments);
}
#else
int martlet_take_large_pages(char **arguments) {
    (void)arguments;
    return 0;
}
void martlet_return_memory(void) {}
void martlet_keep_memory(size_t bytes) { (void)bytes; }
#endif

#if defined(__linux__)
#include <fcntl.h>
int martlet_open_direct(const char *path) { return open(path, O_RDWR | O_DIRECT | O_CLOEXEC); }
#else
int martlet_open_direct(const char *path) {
    (void)path;
    return -1;
}
#endif
