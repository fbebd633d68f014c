// Stands between the server and its disk and clock (LD_PRELOAD): fails, shortens, delays, counts and records what is written.
//
// MARTLET_SHIM names a control file of 8-byte numbers, shared by mapping (see shim.py for the names); MARTLET_TRACE names a file that
// every change of the disk is appended to. Only regular files and folders below MARTLET_SHIM_FOLDER are touched. x86-64 and arm64 Linux.
// MARTLET_SHIM_NAMES is a resolver, "name=first,second name=one+other": each question gets the next answer, the last one for ever, and + stands between
// addresses of one answer. MARTLET_SHIM_PUBLIC is an open network, "93.184.216.34=127.0.0.2": who connects to the one reaches the other.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE_ERRNO, WRITE_SKIP, SYNC_ERRNO, SYNC_COUNT_LEFT, SYNC_DELAY_US, SHORT_WRITES, CLOCK_OFFSET_MS, WRITES, SYNCS, FAILED, BYTES, TRACED,
       ONLY, OPEN_ERRNO, DIRECT_ERRNO, DIRECT, LIST_ERRNO, READ_ERRNO, READ_LEFT, SLOTS = 32 };
// ONLY: 0 every file, 1 only files with ".sqlite" in the name, 2 only the others, 3 only folders, 4 only sealed segments. DIRECT_ERRNO: of writes past the page cache; DIRECT counts those of segments.
// LIST_ERRNO: of listing a log's folder. READ_ERRNO: of the READ_LEFT-th read of a sealed segment from now, once.

static volatile int64_t *control;
static int64_t nothing[SLOTS];
static int trace = -1;
static char folder[PATH_MAX];
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name, type) static __typeof__(type) real; if (!real) real = (__typeof__(type))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
    control = nothing;
    const char *path = getenv("MARTLET_SHIM");
    if (path) {
        int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
        if (fd >= 0) {
            void *p = mmap(NULL, SLOTS * 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            if (p != MAP_FAILED) control = p;
            syscall(SYS_close, fd);
        }
    }
    if ((path = getenv("MARTLET_TRACE"))) trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if ((path = getenv("MARTLET_SHIM_FOLDER")) && !realpath(path, folder)) snprintf(folder, sizeof folder, "%s", path);
}

// The absolute path of a descriptor below the folder; 0 when it is none of ours.
static int ours(int fd, char *path) {
    char link[64];
    if (fd < 3 || fd == trace) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n <= 0 || path[0] != '/') return 0;
    path[n] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static void absolute(const char *in, char *out) {
    char head[PATH_MAX], *base;
    snprintf(head, sizeof head, "%s", in);
    if ((base = strrchr(head, '/'))) { *base++ = 0; } else { base = (char *)in; strcpy(head, "."); }
    char parent[PATH_MAX];
    if (!realpath(head[0] ? head : "/", parent)) snprintf(parent, sizeof parent, "%s", head);
    snprintf(out, PATH_MAX, "%.2000s/%.1000s", parent, base);
}

static int inside(const char *path) { return folder[0] && strncmp(path, folder, strlen(folder)) == 0; }

// One record: operation (1), inode (8), offset (8), byte counts of two texts and the data (4 each), then these. Called with `order` held.
static void note(char op, uint64_t inode, int64_t offset, const char *a, const char *b, const void *data, size_t count) {
    if (trace < 0) return;
    char head[29];
    uint32_t la = a ? strlen(a) : 0, lb = b ? strlen(b) : 0, ld = count;
    head[0] = op;
    memcpy(head + 1, &inode, 8); memcpy(head + 9, &offset, 8); memcpy(head + 17, &la, 4); memcpy(head + 21, &lb, 4); memcpy(head + 25, &ld, 4);
    struct iovec v[4] = {{head, sizeof head}, {(void *)a, la}, {(void *)b, lb}, {(void *)data, ld}};
    syscall(SYS_writev, trace, v, 4);
    __sync_fetch_and_add(&control[TRACED], 1);
}

static uint64_t inode_of(int fd) { struct stat s; return fstat(fd, &s) == 0 ? s.st_ino : 0; }

static int is_folder(const char *path) { struct stat s; return stat(path, &s) == 0 && S_ISDIR(s.st_mode); }

static int spared(const char *path) {
    int64_t only = control[ONLY];
    int database = strstr(path, ".sqlite") != NULL;
    return (only == 1 && !database) || (only == 2 && database) || (only == 3 && !is_folder(path)) || (only == 4 && !strstr(path, ".sealed"));
}

// Whether this write must fail; sets errno.
static int refuses(const char *path) {
    if (!control[WRITE_ERRNO] || spared(path)) return 0;
    if (control[WRITE_SKIP] > 0) { __sync_fetch_and_sub(&control[WRITE_SKIP], 1); return 0; }
    __sync_fetch_and_add(&control[FAILED], 1);
    errno = (int)control[WRITE_ERRNO];
    return 1;
}

DIR *opendir(const char *path) {
    REAL("opendir", DIR *(*)(const char *));
    size_t n = strlen(path);
    if (control[LIST_ERRNO] && n > 4 && strcmp(path + n - 4, "/log") == 0) { errno = (int)control[LIST_ERRNO]; return NULL; }
    return real(path);
}

ssize_t pread(int fd, void *data, size_t count, off_t offset) {
    REAL("pread64", ssize_t (*)(int, void *, size_t, off_t));
    char path[PATH_MAX];
    if (control[READ_LEFT] > 0 && ours(fd, path) && strstr(path, ".sealed") && !strstr(path, ".new") && __sync_sub_and_fetch(&control[READ_LEFT], 1) == 0) {
        errno = (int)control[READ_ERRNO];
        return -1;
    }
    return real(fd, data, count, offset);
}

ssize_t pread64(int fd, void *data, size_t count, off_t offset) { return pread(fd, data, count, offset); }

static size_t shortened(size_t count) { return control[SHORT_WRITES] && count > 1 ? count / 2 : count; }

ssize_t pwrite(int fd, const void *data, size_t count, off_t offset) {
    REAL("pwrite64", ssize_t (*)(int, const void *, size_t, off_t));
    char path[PATH_MAX];
    if (!ours(fd, path)) return real(fd, data, count, offset);
    if (refuses(path)) return -1;
    int direct = (fcntl(fd, F_GETFL) & O_DIRECT) != 0;
    if (direct && control[DIRECT_ERRNO]) { errno = (int)control[DIRECT_ERRNO]; return -1; }
    pthread_mutex_lock(&order);
    ssize_t n = real(fd, data, shortened(count), offset);
    int error = errno;
    if (n > 0) { control[WRITES]++; control[DIRECT] += direct && strstr(path, ".open"); control[BYTES] += n; note('W', inode_of(fd), offset, path, NULL, data, n); }
    pthread_mutex_unlock(&order);
    errno = error;
    return n;
}
ssize_t pwrite64(int fd, const void *data, size_t count, off_t offset) { return pwrite(fd, data, count, offset); }

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    REAL("pwritev64", ssize_t (*)(int, const struct iovec *, int, off_t));
    char path[PATH_MAX];
    if (!ours(fd, path)) return real(fd, parts, count, offset);
    if (refuses(path)) return -1;
    size_t total = 0;
    for (int i = 0; i < count; i++) total += parts[i].iov_len;
    char *flat = malloc(total ? total : 1);
    size_t at = 0;
    for (int i = 0; i < count; i++) { memcpy(flat + at, parts[i].iov_base, parts[i].iov_len); at += parts[i].iov_len; }
    ssize_t n = (ssize_t)total;
    n = pwrite(fd, flat, total, offset);
    int error = errno;
    free(flat);
    errno = error;
    return n;
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) { return pwritev(fd, parts, count, offset); }

ssize_t write(int fd, const void *data, size_t count) {
    REAL("write", ssize_t (*)(int, const void *, size_t));
    char path[PATH_MAX];
    if (fd < 3 || fd == trace || !ours(fd, path)) return real(fd, data, count);
    if (refuses(path)) return -1;
    pthread_mutex_lock(&order);
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t n = real(fd, data, shortened(count));
    int error = errno;
    if (n > 0) { control[WRITES]++; control[BYTES] += n; note('W', inode_of(fd), offset, path, NULL, data, n); }
    pthread_mutex_unlock(&order);
    errno = error;
    return n;
}

static int synced(const char *name, int fd, int (*real)(int)) {
    (void)name;
    char path[PATH_MAX];
    if (!ours(fd, path)) return real(fd);
    if (control[SYNC_DELAY_US]) usleep((useconds_t)control[SYNC_DELAY_US]);
    if (control[SYNC_ERRNO] && !spared(path)) {
        int fails = 1;
        // A number that counts down; -1 fails for as long as the error stands.
        if (control[SYNC_COUNT_LEFT] >= 0) fails = __sync_fetch_and_sub(&control[SYNC_COUNT_LEFT], 1) > 0;
        if (fails) {
            __sync_fetch_and_add(&control[FAILED], 1);
            pthread_mutex_lock(&order);
            // The kernel drops the dirty pages after a failed sync: what was written since the last good one is gone.
            note('X', inode_of(fd), 0, path, NULL, NULL, 0);
            pthread_mutex_unlock(&order);
            errno = (int)control[SYNC_ERRNO];
            return -1;
        }
    }
    struct stat s;
    char kind = fstat(fd, &s) == 0 && S_ISDIR(s.st_mode) ? 'D' : 'S';
    pthread_mutex_lock(&order);
    // Writes that begin during the sync are not covered by it, so its place in the order is its beginning, and its end is noted apart.
    int64_t number = ++control[SYNCS];
    if (trace >= 0 && kind == 'S' && strstr(path, ".run")) {
        // Written through a mapping, which nobody sees: what stands in it at the sync is what the sync is for.
        char *all = malloc(s.st_size ? s.st_size : 1);
        ssize_t n = pread(fd, all, s.st_size, 0);
        if (n > 0) note('W', s.st_ino, 0, path, NULL, all, n);
        free(all);
    }
    note(kind, s.st_ino, number, path, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    // Recorded runs need no real sync: the image is made from the record.
    int result = trace >= 0 ? 0 : real(fd);
    pthread_mutex_lock(&order);
    note('E', s.st_ino, number, path, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    return result;
}

int fsync(int fd) { REAL("fsync", int (*)(int)); return synced("fsync", fd, real); }
int fdatasync(int fd) { REAL("fdatasync", int (*)(int)); return synced("fdatasync", fd, real); }

int ftruncate(int fd, off_t size) {
    REAL("ftruncate64", int (*)(int, off_t));
    char path[PATH_MAX];
    if (!ours(fd, path)) return real(fd, size);
    if (refuses(path)) return -1;
    pthread_mutex_lock(&order);
    int result = real(fd, size);
    if (result == 0) note('T', inode_of(fd), size, path, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    return result;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

static int opened(int at, const char *path, int flags, mode_t mode) {
    REAL("openat64", int (*)(int, const char *, int, ...));
    char full[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC))) return real(at, path, flags, mode);
    absolute(path, full);
    if (!inside(full)) return real(at, path, flags, mode);
    if ((flags & O_CREAT) && control[OPEN_ERRNO] && !spared(full)) { errno = (int)control[OPEN_ERRNO]; return -1; }
    pthread_mutex_lock(&order);
    int is_new = syscall(SYS_faccessat, AT_FDCWD, full, F_OK) != 0;
    int fd = real(at, path, flags, mode);
    int error = errno;
    if (fd >= 0 && is_new) note('C', inode_of(fd), 0, full, NULL, NULL, 0);
    else if (fd >= 0 && (flags & O_TRUNC)) note('T', inode_of(fd), 0, full, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return fd;
}
int open(const char *path, int flags, ...) {
    va_list v; va_start(v, flags); mode_t mode = va_arg(v, mode_t); va_end(v);
    return opened(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    va_list v; va_start(v, flags); mode_t mode = va_arg(v, mode_t); va_end(v);
    return opened(AT_FDCWD, path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
    va_list v; va_start(v, flags); mode_t mode = va_arg(v, mode_t); va_end(v);
    return opened(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
    va_list v; va_start(v, flags); mode_t mode = va_arg(v, mode_t); va_end(v);
    return opened(at, path, flags, mode);
}

int rename(const char *from, const char *to) {
    REAL("rename", int (*)(const char *, const char *));
    char a[PATH_MAX], b[PATH_MAX];
    absolute(from, a); absolute(to, b);
    if (!inside(b)) return real(from, to);
    pthread_mutex_lock(&order);
    int result = real(from, to);
    int error = errno;
    if (result == 0) note('R', 0, 0, a, b, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return result;
}

int unlink(const char *path) {
    REAL("unlink", int (*)(const char *));
    char full[PATH_MAX];
    absolute(path, full);
    if (!inside(full)) return real(path);
    pthread_mutex_lock(&order);
    int result = real(path);
    int error = errno;
    if (result == 0) note('U', 0, 0, full, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return result;
}

int mkdir(const char *path, mode_t mode) {
    REAL("mkdir", int (*)(const char *, mode_t));
    char full[PATH_MAX];
    absolute(path, full);
    if (!inside(full)) return real(path, mode);
    pthread_mutex_lock(&order);
    int result = real(path, mode);
    int error = errno;
    if (result == 0) note('M', 0, 0, full, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return result;
}

// -- the clock

int clock_gettime(clockid_t clock, struct timespec *t) {
    REAL("clock_gettime", int (*)(clockid_t, struct timespec *));
    int result = real(clock, t);
    if (control && control[CLOCK_OFFSET_MS] && result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t ns = t->tv_nsec + (control[CLOCK_OFFSET_MS] % 1000) * 1000000;
        t->tv_sec += control[CLOCK_OFFSET_MS] / 1000 + (ns < 0 ? -1 : ns >= 1000000000 ? 1 : 0);
        t->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
    }
    return result;
}
int gettimeofday(struct timeval *t, void *zone) {
    (void)zone;
    struct timespec s;
    clock_gettime(CLOCK_REALTIME, &s);
    t->tv_sec = s.tv_sec;
    t->tv_usec = s.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *out) {
    struct timespec s;
    clock_gettime(CLOCK_REALTIME, &s);
    if (out) *out = s.tv_sec;
    return s.tv_sec;
}

// -- names and the open network

// The next answer for a name into `answer`; 0 where the resolver is not ours.
static int next_answer(const char *name, char *answer, size_t size) {
    static char asked[16][128];
    static int times[16];
    const char *list = getenv("MARTLET_SHIM_NAMES");
    char key[130];
    if (!list || !name || snprintf(key, sizeof key, "%s=", name) >= (int)sizeof key) return 0;
    const char *at = strstr(list, key);
    if (!at) return 0;
    pthread_mutex_lock(&order);
    int slot = 0;
    while (slot < 15 && asked[slot][0] && strcmp(asked[slot], name)) slot++;
    snprintf(asked[slot], sizeof asked[slot], "%.127s", name);
    int skip = times[slot]++;
    pthread_mutex_unlock(&order);
    at += strlen(key);
    for (const char *comma; skip > 0 && (comma = strpbrk(at, ", ")) && *comma == ','; skip--) at = comma + 1;
    size_t length = strcspn(at, ", ");
    snprintf(answer, size, "%.*s", (int)length, at);
    return 1;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    REAL("getaddrinfo", int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **));
    char answer[256];
    if (!next_answer(name, answer, sizeof answer)) return real(name, service, hints, found);
    struct addrinfo numeric = hints ? *hints : (struct addrinfo){0}, **end = found;
    numeric.ai_flags |= AI_NUMERICHOST;
    char *rest = answer, *one;
    *found = NULL;
    while ((one = strsep(&rest, "+"))) {
        int error = real(one, service, &numeric, end);
        if (error) return error;
        while (*end) end = &(*end)->ai_next;
    }
    return 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t length) {
    REAL("connect", int (*)(int, const struct sockaddr *, socklen_t));
    const char *public = getenv("MARTLET_SHIM_PUBLIC"), *other = public ? strchr(public, '=') : NULL;
    if (!other || address->sa_family != AF_INET || length < sizeof(struct sockaddr_in)) return real(fd, address, length);
    struct sockaddr_in to = *(const struct sockaddr_in *)address;
    char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &to.sin_addr, text, sizeof text);
    if (strlen(text) == (size_t)(other - public) && !strncmp(text, public, other - public)) inet_pton(AF_INET, other + 1, &to.sin_addr);
    return real(fd, (struct sockaddr *)&to, sizeof to);
}
